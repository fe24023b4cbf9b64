### Every sentence the bot says, in English.
### A competent colleague: the answer first, then what it cost, then what to do. HTML tags are Telegram’s.

## Names and amounts

pasted = Pasted numbers
contacts = Shared contacts
forgotten = Forgotten list
number-of = { $count } { $count ->
    [one] number
   *[other] numbers
}
cost-under-a-cent = less than { $cent }
duration-moment = less than a minute
duration-minutes = { $minutes } min
duration-hours = { $hours } h { $minutes } min
duration-whole-hours = { $hours } h

## Preview: the message that asks before money is spent

title = <b>{ $name }</b> · { $starter }
preview-countries = <b>{ $count }</b> { $count ->
    [one] number
   *[other] numbers
}: { $countries }
preview-column = Column { $column } · { $count } { $count ->
    [one] row
   *[other] rows
}
preview-column-of-sheet = Column { $column } of sheet <b>{ $sheet }</b> · { $count } { $count ->
    [one] row
   *[other] rows
}
preview-which-column = Which column has the numbers?
preview-more-countries = { $count } more { $count ->
    [one] country
   *[other] countries
}
preview-none = No phone number I can check yet.
preview-repeated = { $count } repeated
preview-rejected = { $count } rejected
preview-rejected-line = line { $line } <code>{ $text }</code>: { $reason }
preview-rejected-more = … and { $count } more
preview-which-country = <b>{ $count }</b> { $count ->
    [one] number has
   *[other] numbers have
} no country code. Which country?
preview-other-country = Another one? Write <code>/country</code> and its name or code, for example <code>/country Kenya</code>.
preview-left-out = { $count } without a country code { $count ->
    [one] is
   *[other] are
} left out.
preview-region = <i>Numbers without a country code are read as { $country }. /country changes it.</i>
preview-price-and-time = { $size ->
    [tiny] Less than <b>{ $price }</b> and about { $time }.
   *[usual] About <b>{ $price }</b> and { $time }.
} Nothing is charged until you press.
preview-price-and-moment = { $size ->
    [tiny] Less than <b>{ $price }</b> and less than a minute.
   *[usual] About <b>{ $price }</b> and less than a minute.
} Nothing is charged until you press.
preview-moment = Less than a minute. Nothing is charged until you press.
preview-time = About { $time }. Nothing is charged until you press.
preview-begins-price = { $size ->
    [tiny] Less than <b>{ $price }</b> and { $time }.
   *[usual] About <b>{ $price }</b> and { $time }.
}
preview-begins-time = It takes { $time }.
preview-begins = <b>The check begins by itself in a moment.</b> Wait or Cancel stops it, and nothing is charged.
preview-asks-quota = A limit is reached, so I ask. Press to see which.
preview-asks-right = I cannot see that { $starter } may start checks here, so I ask.
preview-asks-stopped = No checks go out right now, so I ask.
preview-same-checked = <b>Checked here on { $date }</b> by { $starter }: { $found }. That result is free.
preview-same-under-way = <b>The same numbers are being checked right now</b>: see my message about { $name } from { $starter }. A second check is paid again.
preview-same-unsure = <b>The same numbers wait for a decision</b>: see my question about { $name } from { $starter }. They may have been charged already.
preview-known = <b>{ $known } of { $count }</b> got a yes or no here in the last { $days ->
    [one] day
   *[other] { $days } days
}; { $new } { $new ->
    [one] is
   *[other] are
} new.
preview-all-known = { $count ->
    [1] <b>This number was checked here</b>
   *[other] <b>All { $count } were checked here</b>
} in the last { $days ->
    [one] day
   *[other] { $days } days
}. { $count ->
    [1] Its
   *[other] Their
} result is free.
preview-choice = { $what ->
    [undetermined] <b>The { $count } undetermined</b>
   *[new] New ones
}: { $new }. All: { $all }. Nothing is charged until you press.
preview-all-again = Checking all again: { $all }. Nothing is charged until you press.
preview-estimate = { $size ->
    [tiny] less than { $price }
   *[usual] about { $price }
}, { $time }
preview-new-minimum = The { $what ->
    [undetermined] undetermined
   *[new] new
} ones alone ({ $count }) are too few: the checking service lately took no lists of fewer than { $minimum }.
preview-minimum = Only { $count }: the checking service lately took no lists of fewer than { $minimum }. Being refused costs nothing.
preview-too-small = <b>The checking service takes only lists of { $minimum } numbers or more.</b> Nothing was charged. Add numbers, or cancel.
preview-too-small-unknown = <b>The checking service says this list is too small.</b> Nothing was charged. Add numbers, or cancel.
preview-waited-too-long = <b>This list waited in the queue for 12 hours, so I ask again.</b> Nothing was charged.
preview-restored = <b>The bot was restored from a backup, so I ask again.</b> Look in this chat whether this list was checked meanwhile: then it <b>may have been charged</b>.
preview-tries-used-up = <b>The checking service answered every try with an internal error.</b> Nothing was charged. Press again a little later.
preview-adding = Send more numbers or a file now, and they will join this list.
preview-needs-admin = Lists of more than { $limit } { $limit ->
    [one] number
   *[other] numbers
} also need an admin’s yes.
preview-admin-asked = <b>The admins have been asked</b> by { $asker }, { $date }, { $time }. The check begins when one of them says yes; nothing is charged before.
preview-no-admin = <b>This list also needs an admin’s yes, and I can reach no admin:</b> none of them has opened a chat with me. Ask one to write /start to me in private, or press again later.
preview-changed-since-asked = <b>The list has changed since the admins were asked</b>, so that question is closed. Press to ask again.
button-check = Check { $count } { $count ->
    [one] number
   *[other] numbers
}
button-check-new = Check { $count } new
button-check-left = Check { $count } undetermined
button-check-all = Check all { $count }
button-check-all-again = { $count ->
    [1] Check it again
   *[other] Check all { $count } again
}
button-price = { $size ->
    [tiny] < { $price }
   *[usual] { $price }
}
button-result-free = Result · free
button-result-of = Result of { $date } · free
button-cancel = Cancel
button-wait = Wait
button-rejected = Rejected lines · { $count }
button-other = Other
button-leave-out = Leave out
button-back = Back
button-add = Add numbers
button-other-column = Another column
button-open-again = Open again

## Why a line is rejected

reason-too-short = too short
reason-too-short-in = too short for { $country }
reason-too-long = too long
reason-too-long-in = too long for { $country }
reason-no-such-country-code = no such country code
reason-not-valid-in-country = not a valid number
reason-not-valid-in-country-in = not a valid number of { $country }
reason-needs-country = no country code
reason-damaged = damaged by a spreadsheet
reason-not-a-number = not a phone number

## Progress: the same message after the press

progress-queued = In the queue. Nothing is charged yet.
progress-waiting-money = The account at the checking service is out of money. The list waits and will go on by itself after a top-up. Nothing is charged yet.
progress-waiting-key = The checking service does not accept the bot’s key. The list waits until an admin has fixed that. Nothing is charged yet.
progress-waiting-address = The checking service’s address has changed. The list waits until an admin has fixed that. Nothing is charged yet.
progress-waiting-busy = The checking service is busy. I will try again by myself. Nothing is charged yet.
progress-waiting-disk = My disk is full. The list waits until there is room again. Nothing is charged yet.
progress-waiting-paused = An admin has stopped all checks. The list waits until they go on. Nothing is charged yet.
progress-waiting-unreachable = The checking service cannot be reached. I will try again by myself. Nothing is charged yet.
progress-before = { $count } { $count ->
    [one] list from this chat is
   *[other] lists from this chat are
} ahead of it.
progress-part = To check: <b>{ $count }</b> of { $whole }. The others have their yes or no already.
progress-submitting = Handing the list over to the checking service.
progress-pending = Accepted: { $count } { $count ->
    [one] number
   *[other] numbers
}, waiting for the check to begin.
progress-begun = { $count } { $count ->
    [one] number is
   *[other] numbers are
} being checked. The checking service does not say yet how many are done.
progress-waits = It has waited for { $time } so far.
progress-reading = Reading the list.
progress-bar = { $bar } <b>{ $percent }</b>
progress-count = { $done } of { $count }
progress-count-left = { $done } of { $count } · about { $time } left
progress-count-soon = { $done } of { $count } · less than a minute left
progress-pace = About { $count } { $count ->
    [one] number
   *[other] numbers
} a minute.
progress-pace-slower = Slower than before: about { $count } { $count ->
    [one] number
   *[other] numbers
} a minute now.
progress-still = No progress for { $time }, so I do not guess how long it will take.
progress-stalled = No progress since { $time }. I keep asking. Task <code>{ $task }</code>
progress-fetching = { $count } of { $count } checked. Fetching the result.
progress-fetching-late = { $count } of { $count } checked, but the result cannot be fetched yet. I keep trying. Task <code>{ $task }</code>
progress-delivering = { $count } of { $count } checked. Sending the result.
progress-known = Everything is known from earlier checks. Sending the result.
progress-note = <i>You can put the phone away: the result will come as a new message.</i>

## How it ended

final-done = <b>{ $name }</b>: { $yes } of { $count } { $yes ->
    [one] is
   *[other] are
} on Telegram. The result is below.
final-done-raw = <b>{ $name }</b>: checked. The file is below.
final-cancelled = <b>{ $name }</b>: cancelled. Nothing was charged.
final-forgotten = <b>Forgotten.</b> The numbers, the messages and the result of this list are deleted; only the counts are kept.
final-expired = <b>{ $name }</b>: no press in three days, so I put it away. Nothing was charged.
final-closed = <b>{ $name }</b>: closed. I do not know whether it was charged; the account at the checking service shows it.
closed-unanswered = <b>{ $name }</b>: nobody has decided about this list for so long that I have closed it. It <b>may have been charged</b>; the account at the checking service shows it. To check it after all, reply /check to the list.
final-unsure = <b>{ $name }</b>: I do not know whether the list was accepted. My question is below.
final-failed = <b>{ $name }</b>: the check gave no result. The details are below.
final-undeliverable = <b>{ $name }</b>: the result is ready, but I could not send it here. /jobs has it.
final-refused-by-api = <b>{ $name }</b>: the checking service did not take this list. Nothing was charged.
final-refused-words = It answered: <code>{ $words }</code>

refused-not-text = <b>{ $name }</b>: I cannot read this kind of file. I read .txt, .csv, .tsv, .xlsx and .vcf: save it as .xlsx or .csv, without a password, and send that. Nothing was charged.
refused-empty = <b>{ $name }</b> is empty. Nothing was charged.
refused-too-big = <b>{ $name }</b> is too big: I can take files of up to { $limit } MB. Split it and send the parts. Nothing was charged.
refused-no-numbers = <b>{ $name }</b>: no phone number found. Send numbers one per line, or a .txt, .csv, .xlsx or .vcf file. Nothing was charged.
refused-file-gone = <b>{ $name }</b>: Telegram did not give me the file. Send it again. Nothing was charged.
reading-waits = <b>{ $name }</b>: my disk is full. I will read the list by myself as soon as there is room. Nothing was charged.
refused-unreadable = <b>{ $name }</b> takes too much time or memory to read. Split it and send the parts. Nothing was charged.

result-late = <b>{ $name }</b>: the check is finished and paid, but its result cannot be fetched yet. I keep trying. Task <code>{ $task }</code>
money-waits = The account at the checking service is out of money, so <b>{ $name }</b> and the lists after it wait. Nothing was charged; they will go on by themselves after a top-up.
failed-task = <b>{ $name }</b>: the checking service says that the check failed. The list had been accepted, so it <b>may have been charged</b>.
failed-task-unknown = <b>{ $name }</b>: the checking service no longer knows this check. It <b>was charged</b>.
failed-task-stalled = <b>{ $name }</b>: a week has passed and the checking service has no result. It <b>was charged</b>.
failed-what-to-do = The service’s support can look the check up by its task: <code>{ $task }</code>. The list is kept.
failed-words = It answered: <code>{ $words }</code>
failed-named-task = <b>{ $name }</b>: the checking service says that the task an admin has named failed. The list <b>may have been charged</b>.
failed-named-task-unknown = <b>{ $name }</b>: the checking service does not know the task that an admin has named. Whether the list was accepted is still not known; it <b>may have been charged</b>.
failed-named-task-stalled = <b>{ $name }</b>: a week has passed and the checking service has no result for the task that an admin has named. The list <b>may have been charged</b>.
failed-named-task-of-another-list = <b>{ $name }</b>: the result of the task that an admin has named is not one of this list, so I show it to nobody. The list <b>may have been charged</b>.
failed-named-what-to-do = The named task is <code>{ $task }</code>. Look in the account at the checking service for a task of { $date }, { $time }: its result is there. If there is none, reply /check to the list; I will ask again before anything is charged.

## Unsure: nobody can know whether it was charged

unsure-title = <b>{ $name }</b>: was the list accepted?
unsure-connection = I sent it at { $time }, and the connection broke before an answer came.
unsure-stopped = I was sending it at { $time } when I was restarted, so I never saw the answer.
unsure-charged = It <b>may have been charged</b>.
unsure-charged-cost = It <b>may have been charged</b>, { $size ->
    [tiny] less than { $price }
   *[usual] about { $price }
}.
unsure-balances = Balance before and after: { $before } and { $after }.
unsure-promise = I will not send it again by myself.
button-send-again = Send again: may be charged twice
button-close = Close
button-task-id = I have the task id
admin-unsure-title = <b>A list of { $count } { $count ->
    [one] number
   *[other] numbers
}: was it accepted?</b>
admin-unsure-where = Chat <code>{ $chat }</code>, { $date }.
admin-unsure-what-to-do = I have asked there too, and I will not send it again by myself. If the account at the checking service shows a task from that time, give me its id and I will fetch the result.
unsure-list-none = There is no list whose charge is unknown.
unsure-list-title = <b>{ $count ->
    [one] { $count } list waits
   *[other] { $count } lists wait
} for a decision.</b> { $count ->
    [one] It
   *[other] Each
} may have been charged.
unsure-list-line = { $number }. { $date }, { $time } · { $count } · chat <code>{ $chat }</code>
unsure-list-more = … and { $count } more
button-decide = { $number } · { $count }
unsure-list-private = This list is about all chats, so I show it in a private chat only. Write /unsure to me there.
task-id-how = Reply to this message with the task id of the list of { $count } that was sent on { $date } at { $time }. It looks like <code>cs9viu7i61pkfs4oavvg</code>.
task-id-none = That is no task id: it is one word without spaces. Reply to this message with it.
task-id-taken = Another list already has that task, so I left everything as it is. Reply to this message with the right id.
task-id-other-time = <b>That task began at { $began }, but the list was sent at { $sent }.</b> It may belong to another list.
task-id-unusual = <b>That does not look like an id of the checking service:</b> <code>{ $task }</code>. It may belong to something else.
task-id-again = To name another one, reply to this message with it.
button-use-task = Use it anyway
task-id-used = Noted. I am asking the checking service for that task; the result will come to the chat of the list.
task-id-late = That list no longer waits for a decision. Nothing was changed.

## An admin’s yes to a large list

approval-title = <b>{ $asker } asks for a check of { $count } { $count ->
    [one] number
   *[other] numbers
}.</b>
approval-in-group = Group: { $title } <code>{ $chat }</code>. Person: <code>{ $person }</code>.
approval-in-private = In a private chat. Person: <code>{ $person }</code>.
approval-cost = { $size ->
    [tiny] Less than <b>{ $price }</b>.
   *[usual] About <b>{ $price }</b>.
} It takes { $time }. Nothing is charged until you approve.
approval-time = It takes { $time }. Nothing is charged until you approve.
approval-approved = <b>Approved</b> by { $admin }, { $date }, { $time }.
approval-declined = <b>Not now</b>, said { $admin }, { $date }, { $time }.
approval-changed = The list has changed since, so there is nothing to approve any more.
approval-cancelled = The list was cancelled. Nothing was charged.
approval-expired = Nobody answered in three days, and the list was put away. Nothing was charged.
approval-started = The list is on its way without this.
approval-told = <b>{ $name }</b>: { $admin } says not now to { $asker }. Nothing was charged; the list waits for its press as before.
button-approve = Approve { $count } { $count ->
    [one] number
   *[other] numbers
}
button-not-now = Not now

## Quotas, and what was spent (the first three are alerts: at most 200 characters)

quota-reached = Limit { $scope ->
    [person] per person
    [chat] per chat
   *[all] in all
}: { $limit } { $limit ->
    [one] number
   *[other] numbers
} a { $span ->
    [day] day
   *[month] month
}, { $left } left. This list has { $count }. There is room again on { $date } at { $time }.
quota-queued = Limit { $scope ->
    [person] per person
    [chat] per chat
   *[all] in all
}: { $limit } { $limit ->
    [one] number
   *[other] numbers
} a { $span ->
    [day] day
   *[month] month
}, { $left } left, { $queued } held by the queue. This list has { $count }. A cancelled one frees at once, a checked one on { $date } at { $time }.
quota-never = Limit { $scope ->
    [person] per person
    [chat] per chat
   *[all] in all
}: { $limit } { $limit ->
    [one] number
   *[other] numbers
} a { $span ->
    [day] day
   *[month] month
}. This list has { $count }, so it can never fit: split it.
quota-used = { $span ->
    [day] Today
   *[month] This month
}: { $used } of { $limit }
quota-used-queued = { $span ->
    [day] Today
   *[month] This month
}: { $used } of { $limit }, { $queued } of them in the queue
check-of = { $count } { $count ->
    [one] check
   *[other] checks
}
spend-title = <b>{ $month }</b> · { $where }
spend-everywhere = all chats
spend-here = this group
spend-none = Nothing has been checked yet.
spend-unsure = Of these, { $count } may have been charged: nobody knows.
spend-line = { $number }. { $who }: { $counts }
spend-more = … and { $count } more in the file
spend-private = private chat
spend-untitled = chat { $chat }
spend-nameless = person { $person }
spend-admins-only = Only the admins of this group and of the bot can see what was spent.
button-spend-file = As a file
sheet-chat = Chat
sheet-chat-id = Chat id
sheet-person = Person
sheet-person-id = Person id
sheet-checks = Checks
sheet-unsure = May have been charged
sheet-currency = Currency

## The result

summary-answer = <b>{ $yes } of { $count } { $yes ->
    [one] is
   *[other] are
} on Telegram · { $percent }</b>
summary-no = No: { $count } · { $percent }
summary-undetermined = Undetermined: { $count } · { $percent }
summary-repeated = { $count } repeated
summary-rejected = { $count } rejected
summary-sent = { $count } sent
summary-checked-now = { $count } checked now
summary-recalled = { $count } known from before
summary-free = nothing charged
summary-changed = Since the last check: { $newly } newly on Telegram, { $gone } no longer.
summary-unchanged = Nothing has changed since the last check.
summary-many-undetermined = Undetermined: the checking service said neither yes nor no. It is not a no. There are many this time, so check them again later.
summary-all-alike = Every verdict is the same. That can be true, or a fault of the checking service: look at a few numbers you know.
summary-repeat = Possible repeat: the connection broke while I was sending this, so it may be here twice.
summary-zipped = Telegram takes no file as large as this workbook. Its numbers and verdicts are here as a table, a CSV in a ZIP.
summary-origin = <b>{ $name }</b> · { $date }
summary-group = From the group <b>{ $title }</b>
summary-raw = <b>Checked, but I cannot read the result.</b>
summary-raw-what = This is the file as the checking service made it. Task <code>{ $task }</code>
button-only-yes = Only yes · { $count }
button-only-no = Only no · { $count }
button-only-undetermined = Undetermined · { $count }
button-newly = Newly · { $count }
button-gone = No longer · { $count }
button-check-again = Check all again
button-check-undetermined = Check undetermined
button-countries = Countries
button-picture = Picture
button-copy = Copy totals
counts-sent = The file is in a private chat: { $who }.
counts-closed = The file is for { $who }. I cannot write to them in private yet: open a chat with me by the button, and it comes.
counts-kept = I kept the file: I cannot see that { $who } is still in this group. Whoever sent the list, or an admin, gets it by the button.
counts-failed = I kept the file: Telegram does not take it.
who-pressed = whoever started the check
button-file-private = File in private
totals = { $name }: { $count } checked, { $yes } on Telegram ({ $yes_percent }), { $no } not ({ $no_percent }), { $undetermined } undetermined ({ $undetermined_percent })
only-yes-caption = <b>{ $name }</b>: { $count } on Telegram, checked { $date }
only-no-caption = <b>{ $name }</b>: { $count } not on Telegram, checked { $date }
only-undetermined-caption = <b>{ $name }</b>: { $count } undetermined, checked { $date }
newly-caption = <b>{ $name }</b>: { $count } newly on Telegram, checked { $date }
gone-caption = <b>{ $name }</b>: { $count } no longer on Telegram, checked { $date }
rejected-caption = <b>{ $name }</b>: { $count } rejected { $count ->
    [one] line
   *[other] lines
}
again-caption = <b>{ $name }</b>, checked { $date }
countries-title = <b>{ $name }</b>: numbers by country, and how many of them are on Telegram
countries-more = … and { $count } more { $count ->
    [one] country
   *[other] countries
}, all in the workbook
picture-caption = <b>{ $name }</b>: { $percent } on Telegram
picture-refused = Telegram did not take the picture here. The counts are under the result.

## The picture of a result (short: it is drawn)

picture-yes = Yes
picture-no = No
picture-undetermined = Undetermined
picture-on-telegram = on Telegram
picture-not-determined = undetermined
picture-countries = On Telegram, by country
picture-others = { $count } more { $count ->
    [one] country
   *[other] countries
}

## The workbook’s words

sheet-sent = Numbers sent
sheet-yes = On Telegram (yes)
sheet-no = Not on Telegram (no)
sheet-undetermined = Undetermined
sheet-repeated = Repeated
sheet-rejected = Rejected
sheet-time = Time taken
sheet-cost = Cost
sheet-checked-now = Checked now
sheet-recalled = Known from before
sheet-no-country = International

## Commands

start =
    I find out which phone numbers on a list have a Telegram account.
    Send a file (text, a table, contacts) or paste the numbers, written in any usual way.
    First I show what I understood and what it costs; nothing is charged until you press. The result is an Excel workbook.
start-group = I find out which phone numbers on a list have a Telegram account. Reply /check@{ $bot } to a list; /help@{ $bot } says more.
sample = A sample: a dozen made-up numbers that belong to nobody. What I understand of it comes as a reply.
button-sample = Try a sample
button-help = How it works
check-how = Send the numbers as a reply to this message, as text or as a file.
check-nothing = There is no list in that message. Reply /check to a file, a contact or a message with numbers.
check-waits = That list waits for your press: see my message about it.
check-sent = That list is already on its way to the check; its result will come.
no-digits = I see no phone numbers in that. Send a file (.txt, .csv, .xlsx, .vcf), or paste numbers one per line. /help says more.
unknown-command = There is no command <code>{ $command }</code>. { $help } says what I can do.
not-a-file-type = I read files (.txt, .csv, .tsv, .xlsx, .vcf), contacts and pasted numbers. This is none of them. Nothing was charged.
list-already-sent = That list went to the check as it was before your change. Send the new one as a new message.
cancel-title = What shall I cancel? Nothing was charged for these.
cancel-none = There is nothing to cancel here.
cancel-submitting = { $count ->
    [one] { $count } list is being handed over to the check and can no longer be stopped.
   *[other] { $count } lists are being handed over to the check and can no longer be stopped.
}
cancel-paid = { $count ->
    [one] { $count } list is already paid and cannot be stopped; its result will come.
   *[other] { $count } lists are already paid and cannot be stopped; their results will come.
}
cancel-unsure = { $count ->
    [one] { $count } list waits for your decision: see my question about it.
   *[other] { $count } lists wait for your decision: see my questions about them.
}
button-cancel-one = Cancel { $name }
country-now = Numbers without a country code are read here as <b>{ $country }</b>.
country-none = For numbers without a country code I ask each time.
country-how = To change it, press a button or write <code>/country Kenya</code>.
country-set = From now on, numbers without a country code are read here as <b>{ $country }</b>.
country-unset = From now on, I ask each time which country numbers without a country code are from.
country-unknown = I do not know the country “{ $text }”. Write its name, its two letters or its code: <code>/country Kenya</code>, <code>/country KE</code>, <code>/country +254</code>.
button-ask-each-time = Ask each time
find-how = Write up to { $most } numbers after the command: <code>/find +79123456789</code>. I say what checks here have found about them, and it costs nothing.
find-yes = <b>{ $number }</b>: on Telegram
find-no = <b>{ $number }</b>: not on Telegram
find-undetermined = <b>{ $number }</b>: undetermined
find-unknown = <b>{ $number }</b>: not checked here in the last { $days ->
    [one] day
   *[other] { $days } days
}
find-where = Checked { $date } by { $starter }: { $name }
find-to-check = To check what is not known, send it here like any list.
find-not-here = I cannot see that you are in this group, so I tell you nothing of its lists.
privacy-title = <b>What is kept, where and how long</b>
privacy-lists = { $count ->
    [one] <b>Lists and results</b> are in the bot’s own database until { $count } day after the list has ended.
   *[other] <b>Lists and results</b> are in the bot’s own database until { $count } days after the list has ended.
}
privacy-memory = <b>Answers</b>: yes, no or undetermined for each checked number, with the day and the list, so that nobody here pays for it twice. The number stands there only as a hash made with a secret key, and goes with its list.
privacy-updates = <b>Messages</b> to the bot, as Telegram gave them: { $hours } hours.
privacy-counts = <b>Longer than that</b>: the counts, the cost, the list’s name and who sent it; whom an admin has let in or kept out; who has set that short lists are checked without asking; and in which language people use Telegram, so that I write in it. No numbers.
privacy-elsewhere = <b>Elsewhere</b>: the checking service is sent the numbers and nothing else, and keeps them by its own rules. Files and messages stay in this chat until somebody deletes them there. Backups hold what was kept when they were made.
privacy-forget = /forget deletes a list at once.
forget-which = Which list shall I forget? Its numbers, messages, name and result are deleted at once; the counts stay.
forget-busy = { $count ->
    [one] { $count } list is being read or checked, or waits for a decision. It can be forgotten when that is over.
   *[other] { $count } lists are being read or checked, or wait for a decision. They can be forgotten when that is over.
}
forget-none = Nothing is kept of any list here.
forget-not-yours = This list is from { $name }. Only they or an admin can have it forgotten.
forget-done = <b>{ $name }</b> is forgotten: its numbers, messages, name and result are deleted. The counts stay.
forget-unreachable = Out of my reach: files and messages in chats, what the checking service keeps, and backups.
forget-number-admins = Only an admin of the bot can have a number forgotten. To forget a list, reply /forget to it.
forget-number-how = Write one number with its country code after the command: <code>/forget +79123456789</code>.
forget-number-done = { $count ->
    [one] The number was on { $count } list and is deleted from it, from its result and from its messages. The counts stay.
   *[other] The number was on { $count } lists and is deleted from them, from their results and from their messages. The counts stay.
}
forget-number-none = The number is on no list and in no result that I keep.
forget-number-busy = { $count ->
    [one] { $count } list with the number is being read or checked, or waits for a decision. Repeat the command when that is over.
   *[other] { $count } lists with the number are being read or checked, or wait for a decision. Repeat the command when that is over.
}
button-forget = { $name } · { $date }
result-link-none = This link leads to no result that is for you.
result-link-unseen = I cannot see that you are still in the group of that list, so I keep its file. Write <code>/jobs@{ $bot }</code> there and press its button.
result-link-early = That list has no result yet. Now that I can write to you here, its file comes here.
settings-title = <b>Settings of this group</b>
settings-title-private = <b>Settings</b>
settings-language = I speak English to you.
settings-country = Numbers without a country code are read as { $country }.
settings-country-asked = For numbers without a country code I ask each time.
settings-asked = Before every check I ask.
settings-unasked = Lists of up to { $count } { $count ->
    [one] number
   *[other] numbers
} are checked without asking: set by { $name }, { $date }.
settings-format = Files you ask for are { $format }.
settings-picture-on = A picture comes with every result.
settings-picture-off = Results come without a picture.
settings-keep = Lists and results are kept for { $count } { $count ->
    [one] day
   *[other] days
}.
settings-how-lang = Which language shall I speak?
settings-how-country = For another one write <code>/country Kenya</code>.
settings-how-ask = When shall I ask before a check? Smaller lists are then checked by themselves, a few seconds after I show them, and cost what any list costs. Your name and the day are kept with this setting.
settings-how-format = What kind of file shall a button send? Each can be had in the other kinds too.
settings-how-keep = How long shall I keep a list after it has ended? No numbers and results are kept for longer than { $days } { $days ->
    [one] day
   *[other] days
}; what is older is deleted within the hour.
settings-how-who = Who may start checks here?
settings-how-to = Where shall results go?
settings-spends-everyone = Everybody here may start checks.
settings-spends-named = Admins and the members they have named may start checks.
settings-spends-admins = Only admins may start checks.
settings-named = Named: { $names }.
settings-nobody-named = Nobody is named yet.
settings-how-to-name = To name somebody, an admin replies to their message with <code>/allow@{ $bot }</code>.
settings-results-group = Results come to this group.
settings-results-starter = The counts come to this group, the file in private to who sent the list.
settings-files-on = I take every file of numbers that is sent here.
settings-files-off = I take a file only when it is addressed to me.
settings-who-changes = <i>Admins of this group change this.</i>
allow-in-groups = This names members of a group: write <code>/allow@{ $bot }</code> there.
button-open-lang = Language
button-open-country = Country
button-open-ask = When to ask
button-open-format = Files
button-open-keep = How long to keep
button-open-who = Who starts
button-open-to = Results
button-set-picture-on = Add a picture
button-set-picture-off = No picture
button-set-ask-always = Always ask
button-set-ask = Ask above { $count }
button-set-keep = { $count } { $count ->
    [one] day
   *[other] days
}
button-set-who-everyone = Everybody
button-set-who-named = Admins and named
button-set-who-admins = Admins only
button-set-to-group = To the group
button-set-to-starter = In private
button-set-files-on = Take all files
button-set-files-off = Only if addressed
button-unname = Take off: { $name }
group-admins-only = Only admins of this group can do that.
allow-how = To name somebody who may start checks, reply to a message of theirs with <code>/allow@{ $bot }</code>.
allow-done = <b>{ $name }</b> may start checks here.
allow-unused = Who else may: see <code>/settings@{ $bot }</code>.
language-which = Which language shall I speak?
language-set = I speak English now.
button-english = English
button-russian = Русский
stranger = This bot works for one team.
stranger-person = To use it, send this id to its admin: <code>{ $id }</code>.
stranger-chat = To use it here, send these ids to its admin: you <code>{ $id }</code>, this group <code>{ $chat }</code>.
stranger-list = No list of yours has been read.
welcome =
    Reply /check@{ $bot } to a list,
    or make me an admin and just send files.
promoted = I am an admin here now, so I see every message. I still read only what is meant for me: commands, mentions, replies to me. Shall I take every file of numbers that is sent here as well (.txt, .csv, .xlsx and the like), without being asked?
button-take-files = Take files of numbers
error = Something went wrong on my side, and it has been noted. See /jobs for how your lists stand, then try once more.

## Help, by topic

help =
    <b>Send a list</b>: a file (.txt, .csv, .xlsx, .vcf), contacts, or numbers pasted here.
    <b>In a group</b>: reply to a list with /check@{ $bot }.
    I show what I understood and what it costs. The check begins when you press.
button-help-send = How to send numbers
button-help-groups = Groups
button-help-cost = What a check costs
button-help-words = What the words mean
button-help-results = Results and history
button-help-settings = Settings and privacy
button-help-admin = For admins
help-send =
    <b>How to send numbers</b>
    As a file (.txt, .csv, .tsv, .xlsx, .vcf), as contacts, or pasted as text: in any usual way, with words around them.
    In a table I find the column with the numbers and name it; you can choose another. Every row comes back with its answer beside it.
    Several messages in a row are one list; each file is a list of its own.
    A number without a country code needs a country: I ask, and /country keeps your answer.
    What I cannot check is left out, and I say why.
    Until the list is paid, /cancel stops it.
help-groups =
    <b>Groups</b>
    Reply to a file or a message with /check@{ $bot }, or write that under a file you send.
    If you make me an admin, I see every message, but read only what is meant for me.
    A list is managed by who sent it and by the group’s admins.
    /settings@{ $bot } says who may start checks and where results go.
    Phone numbers in what I write there are hidden: <code>+7 912 ***-**-67</code>. The files have them in full.
help-cost-title = <b>What a check costs</b>
help-price = { $price } for 1,000 numbers.
help-cost =
    Repeated and rejected lines cost nothing.
    Nothing is charged until somebody presses “Check”, unless this chat has set that short lists are checked without asking (/settings). Once the checking service has the list, it is paid and can no longer be stopped.
    What was checked here is remembered. You choose: only the new numbers of a list, or all of them, paid again. A result that is here already is free, and so is /find.
    If the connection breaks while I hand a list over, nobody can know whether it was charged. Then I ask you, and never send it again by myself.
help-words =
    <b>What the words mean</b>
    <b>Yes</b>: the number has a Telegram account.
    <b>No</b>: it has none.
    <b>Undetermined</b>: the checking service said neither. It is not a no.
    <b>New</b>: the number has no yes or no here yet.
    <b>Repeated</b>: the number is on the list more than once and is checked once.
    <b>Rejected</b>: a line that is no valid number.
    <b>Task</b>: what the checking service calls one check. Its support asks for the id.
help-results =
    <b>Results and history</b>
    The result comes as a new message: an Excel workbook with the counts below it.
    Its buttons give parts of it as files (.txt, .xlsx, .csv), the countries and a picture. “Check all again” also says what has changed.
    /jobs shows every list that was sent here, how it stands, and its files. /find says what is known of a number.
    <code>/jobs base</code> finds lists by name, <code>/jobs 3 Nov</code> and <code>/jobs November</code> by date.
help-kept = { $count ->
    [one] Files are kept for { $count } day after the list has ended.
   *[other] Files are kept for { $count } days after the list has ended.
}
help-settings =
    <b>Settings and privacy</b>
    /settings – what can be set here: when to ask, files, picture and more
    /language – English or Russian
    /country – the country for numbers without a country code
    /privacy – what is kept, where and how long
    /forget – delete a list and its result at once
help-admin =
    <b>For admins</b>
    /access – who may use the bot
    /unsure – lists that may have been charged and wait for a decision
    /spend – what was spent this month, by person and chat
    /pause – stop all checks
    /resume – let them go on

## History: /jobs

jobs-none = Nothing has been checked here yet. Send a file with numbers or paste them.
jobs-title = <b>Lists</b>, newest first
jobs-title-found = <b>Lists</b> { $what }
jobs-none-found = There are no lists here { $what }.
jobs-what-name = with “{ $words }” in the name
jobs-what-period = of { $period } (UTC) or with “{ $words }” in the name
jobs-how-to-search = <i>To search, write a part of a name, a day or a month: <code>/jobs base</code>, <code>/jobs 3 Nov</code>, <code>/jobs November</code>.</i>
jobs-line =
    { $number }. { $date } · <b>{ $name }</b>
    { $count } · { $state }
jobs-line-unread =
    { $number }. { $date } · <b>{ $name }</b>
    { $state }
jobs-result = { $yes } yes, { $no } no, { $undetermined } undetermined
state-reading = being read
state-confirming = waits for your press
state-queued = in the queue
state-submitting = being handed over
state-unsure = waits for your decision
state-checking = being checked
state-delivering = result on its way
state-done = done
state-refused = not taken, nothing charged
state-failed = no result
state-cancelled = cancelled, nothing charged
state-expired = put away, nothing charged
state-closed = closed
state-undeliverable = could not be sent here
state-not-fetched = file not fetched yet
job-reading = I am reading it right now.
job-confirming = It waits for a press: my message about it says what I understood and what it costs.
job-done = The check is finished.
job-undeliverable = The result is ready, but I could not send it here.
job-not-fetched = The result is ready; nobody has fetched its file yet.
job-sent-at = Sent: { $date }, { $time }
job-submitted-at = Handed over: { $date }, { $time }
job-finished-at = Result: { $date }, { $time }
job-ended-at = Ended: { $date }, { $time }
job-took = It took { $time }.
job-took-cost = It took { $time } and cost { $cost }.
job-cost = Cost: { $cost }
job-task = Task <code>{ $task }</code>
job-gone = Its numbers and result are no longer kept.
job-forget = Forget <b>{ $name }</b>? Its numbers, messages, name and result are deleted at once; the counts stay.
button-newer = ‹ Newer
button-older = Older ›
button-result = Result file
button-show = Show its message
button-forget-list = Forget …
button-forget-it = Forget for good

## Who may use the bot

access-asked = This bot works for one team. I have asked its admins whether you may use it; their answer comes here.
access-asked-group = This bot works for one team. I have asked its admins whether it may work in this group; their answer comes here.
access-asked-leave = If nobody answers within a day, I leave.
access-asked-file = Your list has not been read. If you are let in, its preview appears here by itself.
access-asked-numbers = Your list has not been read and is not kept. If you are let in, send it again.
access-let-in = You may use the bot now. Send a file with numbers or paste them; /help says more.
access-let-in-files = { $count ->
    [one] The file you sent is being read.
   *[other] The { $count } files you sent are being read.
}
access-let-in-group = The admins have let this group in: everybody here may use me now.
access-denied = The bot’s admins have decided that it does not work for you. What you send is not read.
access-denied-group = The bot’s admins have decided that it does not work in this group, so I leave.
access-left-group = No admin of the bot has answered within a day, so I leave. You can add me again.

## Who may use the bot: what admins see

access-asks-person = <b>Somebody asks to use the bot</b>
access-asks-group = <b>A group asks to use the bot</b>
access-added = <b>A group uses the bot from now on</b>, because somebody who may use it has added it there.
access-name = <b>{ $name }</b>
access-id = id <code>{ $id }</code>
access-account = { $username } · id <code>{ $id }</code>
access-members = { $count } { $count ->
    [one] member
   *[other] members
} · id <code>{ $id }</code>
access-asked-by = Asked by
access-files = { $count } { $count ->
    [one] file waits
   *[other] files wait
} unread.
access-leaves = Without an answer I leave on { $date } at { $time }.
access-hint-person = <i>Deny tells them. Block answers them nothing, now and later.</i>
access-hint-group = <i>Approve lets every member ask. Deny says so there and leaves. Block leaves without a word.</i>
access-decided-approved = <b>Approved</b> by { $admin }, { $date }, { $time }. /access takes it back.
access-decided-denied = <b>Denied</b> by { $admin }, { $date }, { $time }. /access takes it back.
access-decided-blocked = <b>Blocked</b> by { $admin }, { $date }, { $time }. /access takes it back.
access-decided-left = I have not been in that group since { $date }, { $time }.
access-many = More people ask to use the bot than I show here. { $count ->
    [one] { $count } request waits
   *[other] { $count } requests wait
} for an answer: /access lists them.
access-waits = People have asked to use the bot while I could not write to you. /access lists them.
access-private = This list is about all chats, so I show it in a private chat only. Write /access to me there.
access-title = <b>Who may use the bot</b>
    open requests { $asking } · groups { $groups } · people { $people } · kept out { $out }
access-line-person = { $name } <code>{ $id }</code>
access-line-group = group { $name } <code>{ $id }</code>
access-line-by = from { $name } <code>{ $id }</code>
access-line-asks = asks since { $date }
access-line-approved = let in { $date }
access-line-denied = denied { $date }
access-line-blocked = blocked { $date }
access-by-settings = ALLOWED_IDS lets in { $count } more.
button-approve-access = Approve
button-deny = Deny
button-block = Block
button-revoke = Revoke
button-let-in = Let in
button-page-before = Back
button-page-after = More

## Answers to presses (at most 200 characters, no HTML)

press-queued = On its way to the check.
press-known = Nothing of it is new: the result is on its way, and nothing is charged.
press-queued-already = This list is already on its way.
press-changed = The list has changed since. Look at the new counts and press again.
press-nothing-to-check = There is no number to check yet.
press-cancelled = Cancelled. Nothing was charged.
press-waits = The list waits for its press now.
press-too-late = Too late to cancel: the list is at the check and is paid. The result will come.
press-submitting = Too late to cancel: the list is being handed over to the check right now.
press-unsure = I do not know whether this list was charged: see my question about it.
press-country = Read as { $country }.
press-left-out = Left out.
press-column = Reading that column.
press-opened = Opened again: see the new message.
press-moment = I am only just sending this result. Press again in a moment.
press-list-gone = The list is no longer kept. Send it again.
press-result-gone = The result is no longer kept.
press-sending-again = Sending it again.
press-closed = Closed.
press-admin-asked = A list this large also needs an admin’s yes. I am asking the admins now; my message about the list says how it stands.
press-admin-asked-already = The admins have been asked already. The check begins when one of them says yes.
press-again-admins = Only an admin of the bot can send a list this large again. They have been asked too.
press-approved = Approved: on its way to the check.
press-not-now = Noted. I tell them.
press-approval-decided = This was decided already. Nothing was changed.
press-approval-changed = The list has changed since, so there is nothing to approve any more.
press-approval-over = The list no longer waits for an approval.
press-spend-admins-only = Only the admins of this group and of the bot can see what was spent.
press-adding = Send more numbers or a file.
press-file = The file is on its way.
press-stale = This button no longer does anything. /jobs shows how the lists stand.
press-forgotten = Forgotten. Out of my reach: files and messages in chats, what the checking service keeps, and backups.
press-forget-reading = This list is being read right now. Try again in a moment.
press-forget-busy = This list is on its way to the check or at it. It can be forgotten when its result is here.
press-forget-unsure = This list waits for a decision: answer my question about it first, then it can be forgotten.
press-not-yours = This list is from { $name }. Only they or an admin can press this.
press-not-here = Telegram does not tell me that you are in this group. Write to me here once, then press again.
press-admins-spend = In this group only admins start checks.
press-named-spend = In this group only admins and members they have named start checks.
press-file-private = The file is on its way to our private chat.
press-set = Noted.
press-set-stale = That cannot be set. The card says what holds now.
press-admins-only = Only the bot’s admins can press this.
press-task-used = Noted. I am asking the checking service for that task.
press-task-taken = Another list already has that task. Nothing was changed.
press-not-allowed = This bot works for one team, and you are not on its list.
press-access-approved = { $name } may use the bot now.
press-access-denied = { $name } was denied.
press-access-blocked = { $name } was blocked.
press-access-revoked = { $name } may no longer use the bot.
press-access-approved-already = { $admin } was quicker: approved.
press-access-denied-already = { $admin } was quicker: denied.
press-access-blocked-already = { $admin } was quicker: blocked.
press-access-left = I am no longer in that group. Add me again, then it is asked again.
press-stale-access = This button no longer does anything. /access shows who may use the bot.
press-group-admins-only = Only admins of this group can press this.

## What admins are told

admins-only = Only the bot’s admins can do that.
stopped = All checks are stopped. { $count ->
    [0] No list waits now.
    [one] { $count } list waits, and nothing is charged for it.
   *[other] { $count } lists wait, and nothing is charged for them.
} A list that is being handed over right now goes on. /resume lets the checks go on.
stopped-already = All checks have been stopped since { $date }, { $time }. { $count ->
    [0] No list waits now.
    [one] { $count } list waits.
   *[other] { $count } lists wait.
} /resume lets them go on.
resumed = The checks go on. { $count ->
    [0] No list was waiting.
    [one] { $count } list was waiting.
   *[other] { $count } lists were waiting.
}
resumed-already = The checks were not stopped. { $count ->
    [0] No list waits.
    [one] { $count } list waits for its turn.
   *[other] { $count } lists wait for their turn.
}
admin-undeliverable = A paid result, { $count } { $count ->
    [one] number
   *[other] numbers
}, could not be sent to chat <code>{ $chat }</code>: I cannot write or send files there. It is kept and will be sent when I can again; <code>/jobs</code> there has it too.
admin-paused-money = No list is sent to the check now: the account is out of money. After a top-up they will go on by themselves.
admin-paused-key = No list is sent to the check now: the checking service does not accept the key in CHECKER_API_KEY.
admin-paused-address = No list is sent to the check now: the address in CHECKER_API_URL redirects elsewhere.

## The bot’s profile (name up to 64 characters, short description 120, description 512)

profile-name = Telegram Number Check
profile-short = Which phone numbers on a list have a Telegram account? Send a file or paste numbers, get a workbook.
profile-about =
    Send a .txt, .csv, .xlsx or .vcf file or paste phone numbers, written in any usual way.

    You see what I understood and what it costs. Nothing is charged until you press.

    The result is an Excel workbook and a summary: yes, no, undetermined.
command-check = Check a list
command-jobs = All lists and their files
command-find = What is known of a number, for free
command-country = Country for numbers without a code
command-cancel = Stop what is not paid yet
command-language = English or Russian
command-forget = Delete a list at once
command-settings = What this chat has set
command-privacy = What is kept, where and how long
command-help = How it works
command-unsure = Lists that may have been charged
command-access = Who may use the bot
command-spend = What was spent this month
command-pause = Stop all checks
command-resume = Let the checks go on
