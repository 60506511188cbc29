// The field portal's module: the portal module and what makes a phone useful without a signal.
import "./main.js";
import { startKeeping } from "./keep.js";
import { startQueue } from "./queue.js";
import { startAgain } from "./again.js";
import { startWaiting } from "./waiting.js";
import { startScanning } from "./scan.js";

for (const start of [startKeeping, startQueue, startAgain, startWaiting, startScanning]) {
  try {
    start();
  } catch (error) {
    console.error(error);
  }
}
