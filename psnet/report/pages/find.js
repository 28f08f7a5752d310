(() => {
  const wide = new ResizeObserver((seen) => {
    for (const { target } of seen) target.classList.toggle('wide', target.scrollWidth > target.clientWidth + 4);
  });
  for (const box of document.querySelectorAll('.picture, .scroll')) wide.observe(box);
  const find = document.getElementById('find'), status = document.getElementById('status'), count = document.getElementById('count');
  const hosts = [...document.querySelectorAll('details.host')], cards = [...document.querySelectorAll('.card')];
  const groups = [...document.querySelectorAll('section.group')];
  const narrow = () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean), wanted = status ? status.value : '';
    let shown = 0;
    for (const host of hosts) {
      const fits = words.every((word) => host.dataset.text.includes(word)) && (!wanted || host.dataset.status === wanted);
      host.classList.toggle('hidden', !fits);
      shown += fits;
    }
    for (const card of cards) card.classList.toggle('hidden', !words.every((word) => card.dataset.text.includes(word)));
    for (const group of groups) group.classList.toggle('hidden', !group.querySelector('.card:not(.hidden)'));
    count.textContent = words.length || wanted ? `${shown} of ${hosts.length}` : '';
  };
  find.addEventListener('input', narrow);
  if (status) status.addEventListener('change', narrow);
  let closed = [];
  window.addEventListener('beforeprint', () => { closed = hosts.filter((host) => !host.open); closed.forEach((host) => { host.open = true; }); });
  window.addEventListener('afterprint', () => closed.forEach((host) => { host.open = false; }));
})();
