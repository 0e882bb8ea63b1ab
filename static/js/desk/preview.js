// A preview's projector moves on by the clicker, as in a room.
import { pressByClicker } from "../clicker.js";

pressByClicker(".controls-bar .submit, .controls-bar .next");
