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

  // <form data-photo>: the part of a picture that is wanted is chosen here, and only that is sent, small.
  for (const form of document.querySelectorAll('form[data-photo]')) {
    const input = form.querySelector('input[type=file]');
    const side = 512;
    const canvas = document.createElement('canvas');
    canvas.width = canvas.height = side;
    canvas.tabIndex = 0;
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-label', form.dataset.part);
    const zoom = document.createElement('input');
    zoom.type = 'range';
    zoom.min = '1';
    zoom.max = '4';
    zoom.step = '.05';
    zoom.id = input.id + '-zoom';
    const label = document.createElement('label');
    label.htmlFor = zoom.id;
    label.textContent = form.dataset.zoom;
    const editor = document.createElement('div');
    editor.className = 'field crop';
    editor.append(canvas, label, zoom);
    editor.hidden = true;
    input.closest('.field').after(editor);
    let picture, left, top;
    const draw = () => {
      const size = Math.min(picture.width, picture.height) / Number(zoom.value);
      left = Math.max(0, Math.min(left, picture.width - size));
      top = Math.max(0, Math.min(top, picture.height - size));
      const paper = canvas.getContext('2d');
      paper.fillStyle = '#fff';
      paper.fillRect(0, 0, side, side);
      paper.drawImage(picture, left, top, size, size, 0, 0, side, side);
    };
    const move = (x, y) => {
      const scale = Math.min(picture.width, picture.height) / Number(zoom.value) / canvas.clientWidth;
      left += x * scale;
      top += y * scale;
      draw();
    };
    input.addEventListener('change', async () => {
      editor.hidden = true;
      picture?.close();
      picture = null;
      input.setCustomValidity('');
      if (!input.files.length) return;
      try {
        picture = await createImageBitmap(input.files[0]);
      } catch {
        input.setCustomValidity(form.dataset.unreadable);
        input.reportValidity();
        return;
      }
      zoom.value = zoom.dataset.before = '1';
      const size = Math.min(picture.width, picture.height);
      [left, top] = [(picture.width - size) / 2, (picture.height - size) / 2];
      draw();
      editor.hidden = false;
    });
    zoom.addEventListener('input', () => {
      const before = Math.min(picture.width, picture.height) / Number(zoom.dataset.before);
      const after = Math.min(picture.width, picture.height) / Number(zoom.value);
      [left, top] = [left + (before - after) / 2, top + (before - after) / 2];
      zoom.dataset.before = zoom.value;
      draw();
    });
    canvas.addEventListener('keydown', event => {
      const step = { ArrowLeft: [-8, 0], ArrowRight: [8, 0], ArrowUp: [0, -8], ArrowDown: [0, 8] }[event.key];
      if (!step) return;
      event.preventDefault();
      move(...step);
    });
    canvas.addEventListener('pointerdown', event => canvas.setPointerCapture(event.pointerId));
    canvas.addEventListener('pointermove', event => {
      if (canvas.hasPointerCapture(event.pointerId)) move(-event.movementX, -event.movementY);
    });
    form.addEventListener('submit', event => {
      if (!picture) return;
      event.preventDefault();
      canvas.toBlob(
        part => {
          const files = new DataTransfer();
          files.items.add(new File([part], 'photo.jpg', { type: part.type }));
          input.files = files.files;
          form.submit();
        },
        'image/jpeg',
        0.92
      );
    });
  }

  // <form data-suggest="/path">: what the first field may mean, while it is typed; without a choice the form is sent as ever.
  for (const form of document.querySelectorAll('form[data-suggest]')) {
    const input = form.querySelector('input[type=search]');
    const hint = document.getElementById(input.getAttribute('aria-describedby'));
    const list = document.createElement('ul');
    list.id = input.id + '-list';
    list.setAttribute('role', 'listbox');
    list.setAttribute('aria-label', form.querySelector('label').textContent);
    list.hidden = true;
    form.append(list);
    for (const [name, value] of Object.entries({ role: 'combobox', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': list.id }))
      input.setAttribute(name, value);
    let chosen = -1;
    let timer;
    let asked;
    const choose = next => {
      chosen = next;
      for (const [i, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(i === chosen));
      if (chosen < 0) input.removeAttribute('aria-activedescendant');
      else input.setAttribute('aria-activedescendant', list.children[chosen].id);
    };
    const show = hits => {
      list.replaceChildren(...hits.map((hit, i) => {
        const option = document.createElement('li');
        option.id = `${list.id}-${i}`;
        option.setAttribute('role', 'option');
        option.dataset.path = hit.path;
        const name = document.createElement('bdi');
        name.textContent = hit.name;
        const detail = document.createElement('span');
        detail.textContent = hit.detail ?? '';
        option.append(name, detail);
        return option;
      }));
      list.hidden = hits.length === 0;
      if (hint) hint.hidden = hits.length > 0;
      input.setAttribute('aria-expanded', String(hits.length > 0));
      status.textContent = hits.length > 0 ? String(hits.length) : '';
      choose(-1);
    };
    const ask = async () => {
      asked?.abort();
      const text = input.value.trim();
      if (text.length < 2) return show([]);
      asked = new AbortController();
      const { signal } = asked;
      try {
        const body = new URLSearchParams(new FormData(form));
        const answer = await fetch(form.dataset.suggest, { method: 'POST', body, signal });
        if (answer.ok && !signal.aborted) show(await answer.json());
      } catch { /* a newer text was typed, or the way is cut: the form still works */ }
    };
    input.addEventListener('input', event => {
      clearTimeout(timer);
      if (!event.isComposing) timer = setTimeout(ask, 200);
    });
    input.addEventListener('keydown', event => {
      if (event.isComposing) return;
      if (event.key === 'Escape') show([]);
      if (list.hidden) return;
      const count = list.children.length;
      if (event.key === 'ArrowDown') choose((chosen + 1) % count);
      else if (event.key === 'ArrowUp') choose(chosen <= 0 ? count - 1 : chosen - 1);
      else if (event.key === 'Enter' && chosen >= 0) location.assign(list.children[chosen].dataset.path);
      else return;
      event.preventDefault();
    });
    list.addEventListener('pointerdown', event => {
      const option = event.target.closest('[role=option]');
      if (!option) return;
      event.preventDefault();
      location.assign(option.dataset.path);
    });
    input.addEventListener('blur', () => show([]));
  }

  // data-shortcut="/": the key that leads to a field, follows a link or opens a dialog, outside fields and alone. Keys can be switched off
  // in this browser (WCAG 2.1.4).
  const kept = {
    get isOff() { try { return localStorage.getItem('shortcuts') === 'off'; } catch { return false; } },
    set isOff(off) { try { localStorage.setItem('shortcuts', off ? 'off' : 'on'); } catch { /* not kept here */ } },
  };
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented || kept.isOff) return;
    if (event.target.closest('input, textarea, select, [contenteditable], dialog[open]')) return;
    const target = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
    if (!target) return;
    event.preventDefault();
    if (target.matches('a')) target.click();
    else if (target.matches('dialog')) target.showModal();
    else target.focus();
  });
  for (const button of document.querySelectorAll('[data-opens]')) {
    button.hidden = false;
    button.addEventListener('click', () => document.getElementById(button.dataset.opens).showModal());
  }
  for (const box of document.querySelectorAll('[data-shortcuts]')) {
    box.checked = !kept.isOff;
    box.addEventListener('change', () => { kept.isOff = !box.checked; });
  }

  localize(document);
})();
