// What the pages of the console can do more with a script, beside what all pages can.
(() => {
  'use strict';

  // The other script, which runs before, has put it there.
  const status = document.querySelector('body > .visually-hidden[role=status]');

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
})();
