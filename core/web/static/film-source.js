// Another copy of a film: it goes on at the same moment, at the same speed, and plays if it was playing.

export function changeSource(video, address) {
  const { currentTime, playbackRate } = video;
  const plays = !video.paused && !video.ended;
  video.pause(); // reports what was played so far
  video.src = address;
  video.playbackRate = playbackRate;
  const play = () => { if (plays) video.play().catch(() => {}); };
  if (!currentTime) return play();
  video.addEventListener("loadedmetadata", () => { // played before, it would begin with an instant of the film's start
    video.currentTime = currentTime;
    play();
  }, { once: true });
}
