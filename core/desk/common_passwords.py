"""Passwords everybody tries first, folded and without their trailing digits: what a block-list is for (ASVS 6.2.4)."""

COMMON = frozenset(
    """
    password passwords passw0rd passwordpassword p4ssword qwerty qwertyuiop qwertyqwerty qwertyuiopasdfghjkl
    asdfghjkl asdfghjklzxcvbnm zxcvbnm qazwsxedc qazwsxedcrfv qazwsx iloveyou iloveyouiloveyou letmein letmeinplease
    welcome welcomewelcome administrator adminadmin adminadminadmin admin root superman batman football baseball
    sunshine princess dragon monkey trustno master shadow michael changeme changemechangeme default
    abcdefghijkl abcdefghijklm abcabcabcabc abcdef abcdefgh qweqweqweqwe qweasdzxc aabbccddeeff
    matkhau matkhaumatkhau matkhaucuatoi matkhaumoi matkhaumacdinh matkhauadmin matkhauquantri
    khongcomatkhau khongnho khongbiet quenmatkhau doimatkhau
    anhyeuem emyeuanh anhyeuemnhieu emyeuanhnhieu anhyeuemmaimai toiyeuban yeuemnhieulam yeuanhnhieulam
    toiyeuvietnam toiyeuem minhyeuem minhyeuanh yeumaimai yeuembuonanh
    vietnam vietnamvodich vietnamvietnam vietnamquehuongtoi hochiminh bachomuonnam hanoi hanoivietnam
    sonla sonlasonla tinhsonla sonlavietnam tinhsonlavietnam taybac chuyendoiso chuyendoisosonla sothongtintruyenthong
    banggiamkhao bangiamkhao giamkhao giamkhaogiamkhao bantochuc tothuky cuocthi cuocthisonla quantri quantrivien
    giadinh giadinhtoi giadinhlasomot concuatoi bomeyeucon conyeubome contrai congai meyeucon bayeucon
    motnamoi chucmungnammoi nguyenvana nguyenthia nguyenvannam tranvana levana phamvana
    motthaibabon mothaibabonnam onetwothree khongmothaiba
    123456789012 1234567890123 12345678901234 123456123456 123123123123 123456654321 987654321098 012345678910
    0123456789012 112233445566 123456789123 123456789abc 123456789987 147258369147 1qaz2wsx3edc 1qaz2wsx3edc4rfv
    1q2w3e4r5t6y 1q2w3e4r5t6y7u 1q2w3e4r 1qazxsw2 q1w2e3r4t5y6 abc123456789 a123456789
    """.split()
)
