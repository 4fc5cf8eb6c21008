// What the customer's pages do by themselves, in the page as it stands: they work without it, and it is all the
// JavaScript that they have. Runs at the end of the document, in browsers back to 2020.
(() => {
  // A form is sent once, and its button shows that it is. The browser's back button brings it back as it was left.
  // One whose sending was stopped can be sent again after a while: the server takes the second for the first.
  const forms = [...document.querySelectorAll("form[method=post]")];
  const free = (form) => {
    delete form.dataset.sent;
    for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
  };
  for (const form of forms) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.sent) return event.preventDefault();
      form.dataset.sent = "true";
      for (const button of form.querySelectorAll("[type=submit]")) button.setAttribute("aria-busy", "true");
      setTimeout(free, 15000, form);
    });
  }
  addEventListener("pageshow", (event) => {
    if (event.persisted) forms.forEach(free);
  });

  const language = document.getElementById("lang");
  language?.addEventListener("change", () => language.form.requestSubmit());

  // Another document each time, because the answer may be another site.
  const refresh = document.querySelector("[data-refresh]");
  if (refresh) setTimeout(() => location.replace(refresh.dataset.refresh), refresh.dataset.seconds * 1000);

  const clock = document.querySelector("[data-ends]");
  const end = clock ? Date.parse(clock.dataset.ends) : 0;
  // A page that arrives with a clock far ahead would reload for ever: only the crossing counts.
  if (!clock || Date.now() > end) return;
  // In the customer's own zone, which only the browser knows.
  const until = document.querySelector("[data-until]");
  if (until) {
    const form = { hour: "numeric", minute: "2-digit", timeZoneName: "short" };
    until.textContent = new Intl.DateTimeFormat(until.dataset.until, form).format(end);
  }
  const two = (value) => String(value).padStart(2, "0");
  const tick = () => {
    const left = Math.max(0, Math.floor((end - Date.now()) / 1000));
    const hours = Math.floor(left / 3600);
    const rest = `${two(Math.floor((left % 3600) / 60))}:${two(left % 60)}`;
    clock.textContent = hours > 0 ? `${hours}:${rest}` : rest;
    if (Date.now() < end + 1000) return;
    clearInterval(timer);
    location.reload();
  };
  const timer = setInterval(tick, 1000);
  tick();
})();
