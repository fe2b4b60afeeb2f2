// The few signs that the bot uses, drawn by us: a machine without an emoji font shows them too.

const ICONS = {
  "📌": "pin", "🚨": "alarm", "🔔": "bell", "✅": "check", "⏰": "clock", "🗣": "talk", "📋": "board",
  "🟢": "green", "🟡": "yellow", "🔴": "red", "📎": "clip",
};
const SIGNS = new RegExp(`(${Object.keys(ICONS).join("|")})\\uFE0F?`, "u");

export function withIcons(text) {
  const whole = document.createDocumentFragment();
  for (const part of text.split(SIGNS)) {
    if (!(part in ICONS)) whole.append(part);
    else {
      const image = document.createElement("img");
      image.className = "icon";
      image.src = `/static/sign-${ICONS[part]}.svg`;
      image.alt = part;
      whole.append(image);
    }
  }
  return whole;
}
