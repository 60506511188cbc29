// Reads codes with the camera, where the browser can do that; elsewhere the phone's own camera opens the link in the
// code, and the word below it can be typed.
export function startScanning() {
  if (!("BarcodeDetector" in globalThis) || !navigator.mediaDevices?.getUserMedia) return;
  for (const scanner of document.querySelectorAll("[data-scanner]")) {
    scanner.hidden = false;
    scanner.querySelector("[data-scan]")?.addEventListener("click", () => read(scanner));
  }
}

async function read(scanner) {
  const video = scanner.querySelector("video");
  const field = scanner.closest("form")?.elements.namedItem(scanner.dataset.scanner);
  if (!video || !field || video.srcObject) return;
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  } catch {
    field.focus();
    return;
  }
  video.srcObject = stream;
  scanner.classList.add("is-reading");
  const stop = () => {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
    scanner.classList.remove("is-reading");
  };
  addEventListener("pagehide", stop, { once: true });
  try {
    await video.play();
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    while (video.srcObject) {
      const [code] = await detector.detect(video);
      if (code) {
        field.value = code.rawValue;
        navigator.vibrate?.(80);
        stop();
        field.form.querySelector("[type=submit]")?.focus();
        return;
      }
      await new Promise((next) => setTimeout(next, 150));
    }
  } catch (error) {
    console.error(error);
    stop();
  }
}
