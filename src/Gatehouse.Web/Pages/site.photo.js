// The form for a photo.
(() => {
  'use strict';

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
})();
