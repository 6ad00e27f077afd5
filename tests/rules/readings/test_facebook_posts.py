"""Which post of the Graph API an address names; no address is opened to find out."""

import pytest

from core.rules.readings.facebook_posts import NotOnFacebook, NumberHidden, OtherPage, post_number

PAGE, POST = "100200300400", "987654321012345"
PFBID = "pfbid02abcDEF123ghi456JKL789mno"


@pytest.mark.parametrize(
    "path",
    [
        f"cuocthi/posts/{POST}", f"cuocthi/posts/{POST}/", f"{PAGE}/posts/{POST}?ref=share#x", f"cuocthi/posts/ten-bai/{POST}",
        f"cuocthi/videos/{POST}", f"cuocthi/videos/ten-phim/{POST}/", f"cuocthi/photos/a.1/{POST}", f"reel/{POST}",
        f"permalink.php?story_fbid={POST}&id={PAGE}", f"story.php?id={PAGE}&story_fbid={POST}", f"watch/?v={POST}",
        f"watch?v={POST}", f"photo.php?fbid={POST}", f"photo/?fbid={POST}&set=a.1",
    ],
)  # fmt: skip
def test_the_number_stands_in_the_address(path: str) -> None:
    assert post_number(f"https://www.facebook.com/{path}", PAGE) == f"{PAGE}_{POST}"


def test_a_newer_name_of_a_post_is_passed_on() -> None:
    assert post_number(f"https://m.facebook.com/cuocthi/posts/{PFBID}", PAGE) == f"{PAGE}_{PFBID}"


@pytest.mark.parametrize(
    "address",
    [
        "", "http://www.facebook.com/x/posts/12345678", "https://facebook.com.evil.vn/x/posts/12345678", "https://[::1",
        "https://x.vn/?u=www.facebook.com", "https://fb.watch/abcdef12/", "https://user@evil.vn/x/posts/12345678",
    ],
)  # fmt: skip
def test_another_site_is_not_facebook(address: str) -> None:
    with pytest.raises(NotOnFacebook):
        post_number(address, PAGE)


@pytest.mark.parametrize(
    "path",
    ["", "cuocthi", "share/p/1AbCdEf", "share/v/12345678/", "cuocthi/posts/..%2f", "x/posts/1_2", "x/posts/12345678/9/8",
     "permalink.php?story_fbid=12345678%3Fa&id=1", "permalink.php?id=12345678", "watch/?v=", "x/posts/１２３４５６", "events/12345678",
     f"x/posts/{'9' * 26}"],
)  # fmt: skip
def test_an_address_that_hides_the_number_is_refused(path: str) -> None:
    with pytest.raises(NumberHidden):
        post_number(f"https://www.facebook.com/{path}", PAGE)


@pytest.mark.parametrize("path", [f"999888777/posts/{POST}", f"permalink.php?story_fbid={POST}&id=999888777"])
def test_a_post_of_another_page_is_refused(path: str) -> None:
    with pytest.raises(OtherPage):
        post_number(f"https://www.facebook.com/{path}", PAGE)
