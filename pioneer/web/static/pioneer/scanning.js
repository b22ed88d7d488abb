// The counter: a card's square read by the camera where the browser can read one, and a name signed on the screen.
// Without either, number and code are typed and the signed paper is photographed.
"use strict";
(() => {
  const scanner = document.getElementById("scanner");
  const usable = "BarcodeDetector" in window && navigator.mediaDevices && navigator.mediaDevices.getUserMedia;
  if (!scanner || !usable) return;
  const camera = document.getElementById("camera");
  const viewfinder = document.getElementById("viewfinder");
  const button = document.getElementById("scan");
  const said = document.getElementById("scan-said");
  const form = document.getElementById("typed-form");
  const field = form.elements.typed;
  const PAUSE = 150; // milliseconds between two looks
  const CARD = /^\d{10}(-\d{8})?$/;
  let stream = null;

  function stop() {
    if (stream) for (const track of stream.getTracks()) track.stop();
    stream = null;
    viewfinder.hidden = true;
    button.textContent = "用摄像头扫码";
  }
  async function look(detector) {
    if (!stream) return;
    const found = await detector.detect(camera).catch(() => []);
    const text = found.length ? found[0].rawValue.trim() : "";
    if (CARD.test(text)) {
      stop();
      field.value = text;
      said.textContent = "已扫到，正在查卡…";
      form.requestSubmit();
      return;
    }
    if (text) said.textContent = "这不是积分卡的码，请对准积分卡。";
    window.setTimeout(() => look(detector), PAUSE);
  }
  async function start() {
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    } catch {
      said.textContent = "摄像头打不开。请允许使用摄像头，或在下面输入卡号。";
      return;
    }
    camera.srcObject = stream;
    viewfinder.hidden = false;
    button.textContent = "停止扫码";
    said.textContent = "请把码放在框里。";
    await camera.play();
    look(new window.BarcodeDetector({ formats: ["qr_code"] }));
  }
  scanner.hidden = false;
  button.addEventListener("click", () => (stream ? stop() : start()));
  window.addEventListener("pagehide", stop);
})();
(() => {
  const pad = document.getElementById("pad");
  if (!pad) return;
  const form = pad.closest("form");
  const pen = pad.getContext("2d");
  let last = null;
  let isSigned = false;

  function clear() {
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, pad.width, pad.height);
    pen.lineWidth = 7;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = "#111";
    isSigned = false;
  }
  const at = (event) => {
    const box = pad.getBoundingClientRect();
    return [(event.clientX - box.left) * pad.width / box.width, (event.clientY - box.top) * pad.height / box.height];
  };
  pad.addEventListener("pointerdown", (event) => {
    pad.setPointerCapture(event.pointerId);
    last = at(event);
    event.preventDefault();
  });
  pad.addEventListener("pointermove", (event) => {
    if (!last) return;
    const next = at(event);
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
    isSigned = true;
  });
  for (const over of ["pointerup", "pointercancel"]) pad.addEventListener(over, () => { last = null; });
  document.getElementById("pad-again").addEventListener("click", clear);
  form.addEventListener("submit", () => {
    form.elements.drawn.value = isSigned && !form.elements.scan.files.length ? pad.toDataURL("image/png") : "";
  });
  clear();
})();
