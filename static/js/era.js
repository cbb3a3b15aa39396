/* Shows the Japanese year beside a typed date: 1991 / 3 / 27 gives 平成3年. */
const eras = [["令和", 20190501], ["平成", 19890108], ["昭和", 19261225], ["大正", 19120730], ["明治", 18680125]];

function digits(input) {
  return Number(input?.value.normalize("NFKC").replace(/\D/g, "") || 0);
}

function eraYear(year, month, day) {
  const era = eras.find(([, start]) => year * 10000 + month * 100 + day >= start);
  if (!era) return "";
  const count = year - Math.floor(era[1] / 10000) + 1;
  return `${era[0]}${count === 1 ? "元" : count}年`;
}

export function start(group) {
  const note = group.querySelector("[data-era]");
  const part = (name) => group.querySelector(`[data-part=${name}]`);
  const show = () => {
    const typed = part("year").value.normalize("NFKC").trim().match(/^(\D{2})(元|\d{1,2})年?$/);
    const named = typed && eras.find(([name]) => name === typed[1]);
    if (named) {
      const year = Math.floor(named[1] / 10000) + (typed[2] === "元" ? 1 : Number(typed[2])) - 1;
      note.textContent = `${named[0]}${typed[2]}年は${year}年です`;
      return;
    }
    if (!/^[\d０-９]{4}$/.test(part("year").value.trim())) return;
    const year = digits(part("year"));
    const first = eraYear(year, digits(part("month")) || 1, digits(part("day")) || 1);
    note.textContent = first ? `${year}年は${first}です` : "";
  };
  group.addEventListener("input", (event) => { if (!event.isComposing) show(); });
}
