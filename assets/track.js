// Reads number and query code from the fragment of the address (the QR code of a receipt) or from the form, and shows
// where the case stands. The fragment is never sent; everything shown is set as text.
"use strict";

const place = (id) => document.getElementById(id);
const form = place("form");
const result = place("result");
const message = place("message");

// Codes as people type them: full-width letters, spaces, hyphens, either case.
const tidy = (text) => text.normalize("NFKC").replace(/\s/g, "").toUpperCase();

function day(text) {
  const [year, month, date] = text.split("-").map(Number);
  return `${year}年${month}月${date}日`;
}

function say(text) {
  result.hidden = true;
  message.textContent = text;
  message.hidden = false;
}

function due(found) {
  if (found.replied_on) return `已于${day(found.replied_on)}答复`;
  if (found.due_on) return `${day(found.due_on)}（含当日）`;
  if (["closed", "archived"].includes(found.state)) return "已经终结";
  return found.received_on ? "暂停计算，见下面的说明" : "自机关登记收到申请之日起计算";
}

function step(entry) {
  const item = document.createElement("li");
  item.className = entry.reached_on ? "reached" : "ahead";
  const label = document.createElement("span");
  label.className = "label";
  label.textContent = entry.label;
  item.append(label);
  if (entry.reached_on) {
    const when = document.createElement("span");
    when.className = "day";
    when.textContent = day(entry.reached_on);
    item.append(when);
  }
  if (entry.note) {
    const note = document.createElement("p");
    note.textContent = entry.note.replace(/\d{4}-\d{2}-\d{2}/g, day);
    item.append(note);
  }
  return item;
}

function show(found) {
  message.hidden = true;
  place("state").textContent = found.state_label;
  place("agency").textContent = found.agency.name;
  place("intake_number").textContent = found.intake_number;
  place("case_number").textContent = found.number ?? "登记收到后编定";
  place("due").textContent = due(found);
  place("steps").replaceChildren(...found.steps.map(step));
  result.hidden = false;
}

async function ask(number, code) {
  if (!number || !code) {
    say(number ? "请填写查询码：提交申请时告知您的 10 位字母和数字。" : "请填写编号：登记回执上的收件编号或者登记编号。");
    place(number ? "code" : "number").focus();
    return;
  }
  place("submit").disabled = true;
  try {
    const address = new URL("api/v1/track", document.baseURI);
    address.search = new URLSearchParams({ number, code });
    const answer = await fetch(address, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (answer.ok) show(await answer.json());
    else if (answer.status === 404 || answer.status === 422) {
      say("没有找到。请核对编号和查询码：查询码中没有数字 0、1、2、5、8，也没有字母 B、I、L、O、Q、S、U、V、Z。");
    } else if (answer.status === 429) say("查询过于频繁，请稍等一会儿再试。");
    else say("系统暂时繁忙，请稍后再试；也可以按登记回执上的电话询问。");
  } catch {
    say("连接不上服务器，请检查网络后再试。");
  } finally {
    place("submit").disabled = false;
  }
}

function askFor() {
  ask(tidy(form.number.value), tidy(form.code.value));
}

function fromAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("number")) form.number.value = tidy(given.get("number"));
  if (given.get("code")) form.code.value = tidy(given.get("code"));
  if (given.get("number") && given.get("code")) askFor();
  else if (given.get("number")) form.code.focus();
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  askFor();
});
window.addEventListener("hashchange", fromAddress);
fromAddress();
