// Fetches what has come since, puts it on top, and gives mail frames their height.
const main = document.querySelector('main');
let newest = Number(main.dataset.newest);

function fitFrames(root) {
  for (const frame of root.querySelectorAll('iframe')) {
    const fit = () => {
      const page = frame.contentDocument?.documentElement;
      if (page && frame.clientWidth > 0) frame.style.height = `${Math.min(page.scrollHeight + 2, 4000)}px`;
    };
    frame.addEventListener('load', fit);
    frame.closest('details')?.addEventListener('toggle', fit);
    fit();
  }
}

function localTimes(root) {
  for (const time of root.querySelectorAll('time')) time.textContent = new Date(time.dateTime).toLocaleTimeString();
}

async function poll() {
  const answer = await fetch(`new?after=${newest}`);
  const fresh = await answer.json();
  if (fresh.newest <= newest) return;
  newest = fresh.newest;
  for (const id of ['slack', 'mail']) {
    const column = document.querySelector(`#${id} .messages`);
    const holder = document.createElement('template');
    holder.innerHTML = fresh[id];
    localTimes(holder.content);
    for (const added of holder.content.children) added.classList.add('fresh');
    const added = [...holder.content.children];
    column.prepend(holder.content);
    for (const each of added) fitFrames(each);
  }
  document.title = `(${newest}) Inbox · Tocsin demo`;
}

fitFrames(document);
localTimes(document);
document.querySelector('.letter')?.setAttribute('open', '');
setInterval(
  () =>
    poll().then(
      () => document.body.classList.remove('lost'),
      () => document.body.classList.add('lost'),
    ),
  2000,
);
