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

  // <form data-submit>: hands something on by itself.
  document.querySelector('form[data-submit]')?.submit();

  // <form data-passkey="get" data-options="/path">: asks for a passkey and sends the answer along; where there is none to ask, it stays hidden.
  for (const form of window.PublicKeyCredential?.parseRequestOptionsFromJSON ? document.querySelectorAll('form[data-passkey]') : []) {
    const { passkey: kind, options, failed, known } = form.dataset;
    const { ceremonyId, credential, remember } = form.elements;
    const parse = kind === 'get' ? 'parseRequestOptionsFromJSON' : 'parseCreationOptionsFromJSON';
    const alert = form.querySelector('[role=alert]');
    let asking;
    const ask = async mediation => {
      asking?.abort();
      const { signal } = asking = new AbortController();
      const answer = await fetch(options, { method: 'POST', headers: { 'Gatehouse-Request': '1' }, signal });
      // The page asks for the password by itself.
      if (answer.status === 403) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const asked = await answer.json();
      const made = await navigator.credentials[kind]({ publicKey: PublicKeyCredential[parse](asked.publicKey), mediation, signal });
      ceremonyId.value = asked.ceremonyId;
      credential.value = JSON.stringify(made);
      if (remember) remember.value = document.querySelector('input[type=checkbox][name=remember]')?.checked ?? '';
      form.requestSubmit();
    };
    // Fields that can be filled with a passkey offer it, with a question that is never too old.
    const offer = () => {
      if (!document.hidden) ask('conditional').catch(() => {});
    };
    let offering;
    // The page that says that a passkey was rejected does not offer it again by itself.
    if (location.href !== form.action && document.querySelector('input[autocomplete~=webauthn]'))
      PublicKeyCredential.isConditionalMediationAvailable?.().then(available => {
        if (!available) return;
        offer();
        offering = setInterval(offer, 240000);
      });
    form.addEventListener('submit', event => {
      if (credential.value) return;
      event.preventDefault();
      clearInterval(offering);
      alert.textContent = '';
      ask().catch(error => { alert.textContent = (error.name === 'InvalidStateError' && known) || failed; });
    });
    addEventListener('pageshow', () => { credential.value = ''; });
    for (const hint of document.querySelectorAll('[data-without-passkeys]')) hint.hidden = true;
    form.hidden = false;
  }

  // <input data-captcha="key" data-action="…">: a token is asked of reCAPTCHA when the form is sent, and goes with it. Without one the
  // server says what is missing.
  for (const input of document.querySelectorAll('input[data-captcha]')) {
    input.form.addEventListener('submit', event => {
      if (input.dataset.asked || !window.grecaptcha) return;
      event.preventDefault();
      input.dataset.asked = 'true';
      window.grecaptcha.ready(async () => {
        try {
          input.value = await window.grecaptcha.execute(input.dataset.captcha, { action: input.dataset.action });
        } catch { /* the provider is away */ }
        // Not while the first is still being dealt with: browsers ignore that.
        setTimeout(() => input.form.requestSubmit(event.submitter));
      });
    });
  }

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

  // <input data-digits="6 8">: a code of so many digits is taken out of what is pasted: text around it, spaces or dashes in it.
  for (const input of document.querySelectorAll('input[data-digits]')) {
    const counts = input.dataset.digits.split(' ');
    input.addEventListener('paste', event => {
      // Browsers before 2023 know no look-behind; there the text is pasted as it is.
      const patterns = [
        ...counts.map(count => new RegExp(`(?<!\\d)\\d{${count}}(?!\\d)`)),
        ...counts.map(count => new RegExp(`(?<!\\d[\\s\\p{Pd}]?)\\d(?:[\\s\\p{Pd}]?\\d){${count - 1}}(?![\\s\\p{Pd}]?\\d)`, 'u')),
      ];
      const text = event.clipboardData.getData('text');
      const code = patterns.map(pattern => text.match(pattern)?.[0]).find(found => found)?.replace(/\D/g, '');
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
    let paused = false;
    if (part.dataset.pause) {
      // What moves by itself can be stopped (WCAG 2.2.2).
      const button = document.createElement('button');
      button.type = 'button';
      button.className = 'button quiet small';
      button.textContent = part.dataset.pause;
      button.addEventListener('click', () => {
        paused = !paused;
        button.textContent = paused ? part.dataset.resume : part.dataset.pause;
        watch();
      });
      part.after(button);
    }
    const watch = () => {
      events?.close();
      if (document.hidden || paused) return;
      events = new EventSource(part.dataset.live);
      for (const type of ['message', 'operation']) events.addEventListener(type, () => refresh().catch(() => {}));
    };
    document.addEventListener('visibilitychange', watch);
    watch();
  }

  // One place where what the script does is said to who does not see it.
  const status = document.createElement('div');
  status.className = 'visually-hidden';
  status.setAttribute('role', 'status');
  if (document.querySelector('[data-copyable], [data-suggest]')) document.body.append(status);

  // <code data-copyable>: an id with a button that copies it.
  for (const code of document.querySelectorAll('[data-copyable]')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'plain';
    button.textContent = texts.copy;
    button.setAttribute('aria-label', `${texts.copy} ${code.textContent}`);
    button.addEventListener('click', async () => {
      try {
        await navigator.clipboard.writeText(code.textContent);
        status.textContent = texts.copied;
      } catch {
        getSelection().selectAllChildren(code);
      }
    });
    code.after(' ', button);
  }

  localize(document);
})();
