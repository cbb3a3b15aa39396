/* Shows the other calendar beside a typed date, and the age on the day of appointment: 1991 / 3 / 27 gives 平成3年. */
const eras = [["令和", "R", 20190501], ["平成", "H", 19890108], ["昭和", "S", 19261225], ["大正", "T", 19120730], ["明治", "M", 18680125]];

function eraYear(year, monthDay) {
  const era = eras.find(([, , first]) => year * 10000 + monthDay >= first);
  if (!era) return "";
  const count = year - Math.floor(era[2] / 10000) + 1;
  return `${era[0]}${count === 1 ? "元" : count}年`;
}

export function start(group) {
  const note = group.querySelector("[data-era]");
  const typed = (name) => group.querySelector(`[data-part=${name}]`).value.normalize("NFKC").trim();
  const age = (year, monthDay) => {
    const [onYear, month, day] = (group.dataset.appointed ?? "").split("-").map(Number);
    if (!day || !monthDay) return "";
    return `。任用日（${onYear}年${month}月${day}日）に${onYear - year - (month * 100 + day < monthDay)}歳です`;
  };
  const show = () => {
    const [, name, count] = typed("year").match(/^(\D{1,2}?)\s*(元|\d{1,4})年?$/) ?? [];
    const western = typed("year").match(/^(\d{4})年?$/);
    const era = eras.find(([word, letter]) => word === name || word[0] === name || letter === name?.toUpperCase());
    const [month, day] = [Number(typed("month").replace(/月$/, "")), Number(typed("day").replace(/日$/, ""))];
    const whole = month >= 1 && month <= 12 && day >= 1 && day <= 31 ? month * 100 + day : 0;
    if (western) {
      const japanese = eraYear(Number(western[1]), whole || 101);
      note.textContent = japanese ? `${western[1]}年は${japanese}です${age(Number(western[1]), whole)}` : "";
    } else if (era) {
      const year = Math.floor(era[2] / 10000) + (count === "元" ? 1 : Number(count)) - 1;
      const next = eras[eras.indexOf(era) - 1];
      const isOver = next && year > Math.floor(next[2] / 10000);
      note.textContent = isOver ? `${year}年は${eraYear(year, 101)}です` : `${era[0]}${count}年は${year}年です${age(year, whole)}`;
    } else note.textContent = "";
  };
  group.addEventListener("input", (event) => { if (!event.isComposing) show(); });
  if (typed("year")) show();
}
