// What pages can do more with a script. Every page works without it.
(() => {
  'use strict';

  const language = document.documentElement.lang;
  const texts = document.body.dataset;

  // <time data-moment>: in the reader's own zone and manner instead of UTC.
  const localize = root => {
    const format = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
    for (const time of root.querySelectorAll('time[data-moment]')) time.textContent = format.format(new Date(time.dateTime));
  };

  // Passwords can be looked at while typing.
  for (const input of document.querySelectorAll('.control > input[type=password]')) {
    const button = document.createElement('button');
    const show = shown => {
      input.type = shown ? 'text' : 'password';
      button.textContent = shown ? texts.hide : texts.show;
    };
    button.type = 'button';
    button.className = 'plain reveal';
    button.setAttribute('aria-controls', input.id);
    button.addEventListener('click', () => show(input.type === 'password'));
    // Browsers offer to keep only what is a password when it is sent.
    input.form?.addEventListener('submit', () => show(false));
    show(false);
    input.after(button);
  }

  // A second click on the button sends nothing twice; coming back to the page makes it good again.
  document.addEventListener('submit', event => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.hasAttribute('aria-busy')) {
      event.preventDefault();
      return;
    }
    form.setAttribute('aria-busy', 'true');
    setTimeout(() => form.removeAttribute('aria-busy'), 5000);
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[aria-busy]')) form.removeAttribute('aria-busy');
  });

  // <button data-wait="60">: cannot be used before, and says how long that is.
  for (const button of document.querySelectorAll('button[data-wait]')) {
    const label = button.textContent;
    const end = performance.now() + Number(button.dataset.wait) * 1000;
    const tick = () => {
      const left = Math.ceil((end - performance.now()) / 1000);
      button.disabled = left > 0;
      button.textContent = left > 0 ? `${label} (${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')})` : label;
      if (left > 0) setTimeout(tick, 250);
    };
    tick();
  }

  // <input data-digits="6">: a code that is pasted with other text around it, or with spaces or dashes in it, is taken out of that.
  for (const input of document.querySelectorAll('input[data-digits]')) {
    const count = input.dataset.digits;
    input.addEventListener('paste', event => {
      // Browsers before 2023 know no look-behind; there the text is pasted as it is.
      const whole = new RegExp(`(?<!\\d)\\d{${count}}(?!\\d)`);
      const parted = new RegExp(`(?<!\\d[\\s\\p{Pd}]?)\\d(?:[\\s\\p{Pd}]?\\d){${count - 1}}(?![\\s\\p{Pd}]?\\d)`, 'u');
      const text = event.clipboardData.getData('text');
      const code = (text.match(whole) ?? text.match(parted))?.[0].replace(/\D/g, '');
      if (!code) return;
      event.preventDefault();
      input.value = code;
    });
  }

  // <… id data-live="/path">: asks the page for this part anew when an event comes from there, while somebody looks. What is open stays open.
  for (const part of document.querySelectorAll('[data-live]')) {
    const refresh = async () => {
      const answer = await fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' });
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById(part.id);
      if (!next || next.dataset.version === part.dataset.version) return;
      for (const open of part.querySelectorAll('details[open][id]')) next.querySelector('#' + CSS.escape(open.id))?.setAttribute('open', '');
      localize(next);
      const focused = part.contains(document.activeElement) ? document.activeElement.closest('[id]')?.id : null;
      part.replaceChildren(...next.childNodes);
      part.dataset.version = next.dataset.version;
      if (focused) document.getElementById(focused)?.querySelector('summary')?.focus();
    };
    let events;
    const watch = () => {
      events?.close();
      if (document.hidden) return;
      events = new EventSource(part.dataset.live);
      events.onmessage = () => refresh().catch(() => {});
    };
    document.addEventListener('visibilitychange', watch);
    watch();
  }

  localize(document);
})();
