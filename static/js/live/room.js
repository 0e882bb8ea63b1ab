// The element that shows where the room stands. It is replaced by each look at the room, and gone
// when an error page came in its place.
export const room = () => document.getElementById("room");
