### Всё, что бот говорит по-русски.
### Толковый коллега: сначала ответ, потом цена, потом что делать. Теги HTML — те, что понимает Telegram.

## Имена и суммы

pasted = Вставленные номера
number-of = { $count } { $count ->
    [one] номер
    [few] номера
   *[many] номеров
}
cost-under-a-cent = меньше { $cent }
duration-moment = меньше минуты
duration-minutes = { $minutes } мин
duration-hours = { $hours } ч { $minutes } мин
duration-whole-hours = { $hours } ч

## Сообщение, которое спрашивает, прежде чем тратить деньги

title = <b>{ $name }</b> · { $starter }
preview-countries = <b>{ $count }</b> { $count ->
    [one] номер
    [few] номера
   *[many] номеров
}: { $countries }
preview-more-countries = ещё { $count } { $count ->
    [one] страна
    [few] страны
   *[many] стран
}
preview-none = Пока нет ни одного номера, который можно проверить.
preview-repeated = { $count } { $count ->
    [one] повтор
    [few] повтора
   *[many] повторов
}
preview-rejected = { $count } { $count ->
    [one] отклонён
   *[other] отклонено
}
preview-rejected-line = строка { $line } <code>{ $text }</code>: { $reason }
preview-rejected-more = … и ещё { $count }
preview-which-country = У <b>{ $count }</b> { $count ->
    [one] номера
   *[other] номеров
} нет кода страны. Какая это страна?
preview-other-country = Нужной нет? Напишите <code>/country</code> и название или код страны, например <code>/country Кения</code>.
preview-left-out = { $count } без кода страны { $count ->
    [one] пропущен
   *[other] пропущено
}.
preview-region = <i>Номера без кода страны читаю так: { $country }. Изменить: /country</i>
preview-price-and-time = { $size ->
    [tiny] Меньше <b>{ $price }</b>, около { $time }.
   *[usual] Около <b>{ $price }</b> и { $time }.
} Пока вы не нажмёте, ничего не спишется.
preview-price-and-moment = { $size ->
    [tiny] Меньше <b>{ $price }</b> и меньше минуты.
   *[usual] Около <b>{ $price }</b>, меньше минуты.
} Пока вы не нажмёте, ничего не спишется.
preview-moment = Меньше минуты. Пока вы не нажмёте, ничего не спишется.
preview-time = Около { $time }. Пока вы не нажмёте, ничего не спишется.
preview-minimum = { $count } из { $minimum }: списки меньше сервис проверки в последнее время не брал, деньги за отказ не списывал.
preview-too-small = <b>Сервис проверки берёт списки только от { $minimum } { $minimum ->
    [one] номера
   *[other] номеров
}.</b> Деньги не списаны. Добавьте номера или отмените проверку.
preview-too-small-unknown = <b>Сервис проверки ответил, что список слишком мал.</b> Деньги не списаны. Добавьте номера или отмените проверку.
preview-waited-too-long = <b>Список ждал очереди 12 часов, поэтому спрашиваю ещё раз.</b> Деньги не списаны.
preview-restored = <b>Бота восстановили из резервной копии, поэтому спрашиваю ещё раз.</b> Посмотрите в этом чате, не проверен ли список за это время: тогда за него <b>могли быть списаны деньги</b>.
preview-tries-used-up = <b>Сервис проверки на каждую попытку отвечал внутренней ошибкой.</b> Деньги не списаны. Нажмите ещё раз чуть позже.
preview-adding = Пришлите ещё номера или файл, и они войдут в этот список.
button-check = Проверить { $count } { $count ->
    [one] номер
    [few] номера
   *[many] номеров
}
button-cancel = Отменить
button-rejected = Отклонённые строки · { $count }
button-other = Другая
button-leave-out = Пропустить их
button-back = Назад
button-add = Добавить номера
button-open-again = Открыть снова

## Почему строка отклонена

reason-too-short = слишком короткий
reason-too-short-in = слишком короткий ({ $country })
reason-too-long = слишком длинный
reason-too-long-in = слишком длинный ({ $country })
reason-no-such-country-code = нет такого кода страны
reason-not-valid-in-country = такого номера не бывает
reason-not-valid-in-country-in = такого номера не бывает ({ $country })
reason-needs-country = нет кода страны
reason-damaged = испорчен в таблице
reason-not-a-number = не номер телефона

## Ход проверки: то же сообщение после нажатия

progress-queued = В очереди. Деньги ещё не списаны.
progress-waiting-money = На счёте у сервиса проверки кончились деньги. Список ждёт; когда счёт пополнят, всё продолжится само. Деньги ещё не списаны.
progress-waiting-key = Сервис проверки не принимает ключ бота. Список ждёт, пока администратор это исправит. Деньги ещё не списаны.
progress-waiting-address = У сервиса проверки сменился адрес. Список ждёт, пока администратор это исправит. Деньги ещё не списаны.
progress-waiting-busy = Сервис проверки занят. Повторю сам. Деньги ещё не списаны.
progress-waiting-unreachable = Сервис проверки недоступен. Повторю сам. Деньги ещё не списаны.
progress-submitting = Передаю список на проверку.
progress-pending = { $count ->
    [one] Принят { $count } номер, проверка скоро начнётся.
    [few] Приняты { $count } номера, проверка скоро начнётся.
   *[many] Принято { $count } номеров, проверка скоро начнётся.
}
progress-bar = { $bar } <b>{ $percent }</b>
progress-count = { $done } из { $count }
progress-count-left = { $done } из { $count } · осталось около { $time }
progress-count-soon = { $done } из { $count } · осталось меньше минуты
progress-stalled = С { $time } проверка не движется. Продолжаю спрашивать. Задача <code>{ $task }</code>
progress-fetching = Проверено { $count } из { $count }. Забираю результат.
progress-fetching-late = Проверено { $count } из { $count }, но получить результат пока не удаётся. Пробую дальше. Задача <code>{ $task }</code>
progress-delivering = Проверено { $count } из { $count }. Отправляю результат.
progress-note = <i>Телефон можно убрать: результат придёт новым сообщением.</i>

## Чем кончилось

final-done = <b>{ $name }</b>: { $yes } из { $count } есть в Telegram. Результат ниже.
final-done-raw = <b>{ $name }</b>: проверено. Файл ниже.
final-cancelled = <b>{ $name }</b>: отменено. Деньги не списаны.
final-expired = <b>{ $name }</b>: за три дня никто не нажал, список убран. Деньги не списаны.
final-closed = <b>{ $name }</b>: закрыто. Списаны ли деньги, я не знаю: это видно в кабинете сервиса проверки.
final-unsure = <b>{ $name }</b>: не знаю, принят ли список. Мой вопрос ниже.
final-failed = <b>{ $name }</b>: проверка не дала результата. Подробности ниже.
final-undeliverable = <b>{ $name }</b>: результат готов, но отправить его сюда не удалось. Он есть в /jobs.
final-refused-by-api = <b>{ $name }</b>: сервис проверки не взял этот список. Деньги не списаны.
final-refused-words = Его ответ: <code>{ $words }</code>

refused-not-text = <b>{ $name }</b> — не текстовый файл, прочитать его я не могу. Сохраните номера в файл .txt и пришлите его. Деньги не списаны.
refused-empty = <b>{ $name }</b>: пусто. Деньги не списаны.
refused-too-big = <b>{ $name }</b>: файл слишком большой, я беру файлы до { $limit } МБ. Разделите его и пришлите по частям. Деньги не списаны.
refused-no-numbers = <b>{ $name }</b>: номеров телефона не нашлось. Пришлите номера по одному в строке или файл .txt. Деньги не списаны.
refused-file-gone = <b>{ $name }</b>: Telegram не отдал файл. Пришлите его ещё раз. Деньги не списаны.
refused-unreadable = <b>{ $name }</b>: на чтение не хватает времени или памяти. Разделите файл и пришлите по частям. Деньги не списаны.

result-late = <b>{ $name }</b>: проверка закончена и оплачена, но получить результат пока не удаётся. Пробую дальше. Задача <code>{ $task }</code>
money-waits = На счёте у сервиса проверки кончились деньги, поэтому <b>{ $name }</b> и следующие списки ждут. Деньги не списаны; когда счёт пополнят, всё продолжится само.
failed-task = <b>{ $name }</b>: сервис проверки сообщил, что проверка не удалась. Список был принят, так что <b>могли быть списаны деньги</b>.
failed-task-unknown = <b>{ $name }</b>: сервис проверки больше не находит эту проверку. <b>Деньги за неё списаны</b>.
failed-task-stalled = <b>{ $name }</b>: прошла неделя, а результата у сервиса проверки нет. <b>Деньги за проверку списаны</b>.
failed-what-to-do = Поддержка сервиса найдёт проверку по номеру задачи: <code>{ $task }</code>. Список сохранён.
failed-words = Его ответ: <code>{ $words }</code>

## Неизвестно: никто не может знать, списаны ли деньги

unsure-title = <b>{ $name }</b>: принят ли список?
unsure-connection = Я отправил его в { $time }, и связь оборвалась до ответа.
unsure-stopped = Я отправлял его в { $time }, но меня перезапустили, и ответа я не увидел.
unsure-charged = <b>Могли быть списаны деньги</b>.
unsure-charged-cost = <b>Могли быть списаны деньги</b>, { $size ->
    [tiny] меньше { $price }
   *[usual] около { $price }
}.
unsure-promise = Сам я повторно не отправлю.
button-send-again = Отправить ещё раз: возможна двойная оплата
button-close = Закрыть

## Результат

summary-answer = <b>{ $yes } из { $count } есть в Telegram · { $percent }</b>
summary-no = Нет: { $count } · { $percent }
summary-undetermined = Не определено: { $count } · { $percent }
summary-repeated = { $count } { $count ->
    [one] повтор
    [few] повтора
   *[many] повторов
}
summary-rejected = { $count } { $count ->
    [one] отклонён
   *[other] отклонено
}
summary-sent = { $count } { $count ->
    [one] отправлен
   *[other] отправлено
}
summary-many-undetermined = «Не определено»: сервис проверки не сказал ни да, ни нет. Это не «нет». В этот раз таких много, проверьте их ещё раз позже.
summary-all-alike = Все ответы одинаковые. Так бывает, но это может быть и сбой сервиса проверки: посмотрите на несколько знакомых номеров.
summary-repeat = Возможный повтор: связь оборвалась при отправке, поэтому файл мог прийти дважды.
summary-raw = <b>Проверено, но прочитать результат я не могу.</b>
summary-raw-what = Это файл в том виде, в каком его сделал сервис проверки. Задача <code>{ $task }</code>
button-only-yes = Только да · { $count }
button-only-undetermined = Не определено · { $count }
button-copy = Скопировать итоги
totals = { $name }: проверено { $count }, есть в Telegram { $yes } ({ $yes_percent }), нет { $no } ({ $no_percent }), не определено { $undetermined } ({ $undetermined_percent })
only-yes-caption = <b>{ $name }</b>: { $count } есть в Telegram
only-undetermined-caption = <b>{ $name }</b>: не определено { $count }
rejected-caption = <b>{ $name }</b>: { $count } { $count ->
    [one] отклонённая строка
    [few] отклонённые строки
   *[many] отклонённых строк
}
again-caption = <b>{ $name }</b>, проверено { $date }

## Слова в таблице

sheet-sent = Отправлено номеров
sheet-yes = Есть в Telegram (yes)
sheet-no = Нет в Telegram (no)
sheet-undetermined = Не определено (undetermined)
sheet-repeated = Повторы
sheet-rejected = Отклонено
sheet-time = Заняло времени
sheet-cost = Стоимость
sheet-no-country = Международный

## Команды

start =
    Я узнаю, у каких номеров из списка есть аккаунт в Telegram.
    Пришлите файл .txt или вставьте номера, записанные как угодно.
    Я покажу, что понял и сколько это стоит; пока вы не нажмёте, ничего не спишется. Результат придёт таблицей Excel.
help =
    <b>Пришлите список</b>: файл .txt или номера прямо сюда. Несколько сообщений подряд — один список.
    <b>В группе</b>: ответьте на список командой /check@{ $bot }.

    /check – проверить список
    /jobs – последние списки и их файлы
    /country – страна для номеров без кода страны
    /cancel – остановить то, что ещё не оплачено
    /language – русский или английский
help-price = Проверка 1 000 номеров стоит { $price }.
check-how = Пришлите номера ответом на это сообщение, текстом или файлом .txt.
check-nothing = В том сообщении нет списка. Ответьте командой /check на файл .txt или на сообщение с номерами.
check-waits = Этот список ждёт вашего нажатия: смотрите моё сообщение о нём.
check-sent = Этот список уже отправлен на проверку, результат придёт.
no-digits = Не вижу здесь номеров телефона. Пришлите файл .txt или вставьте номера по одному в строке. Подробнее: /help
not-a-file-type = Я читаю файлы .txt и вставленные номера, а это что-то другое. Деньги не списаны.
list-already-sent = Этот список ушёл на проверку таким, каким был до правки. Пришлите новый отдельным сообщением.
jobs-none = Здесь ещё ничего не проверяли. Пришлите файл .txt или вставьте номера.
jobs-title = <b>Последние списки</b>
jobs-line = { $date } · <b>{ $name }</b> · { $count } · { $state }
jobs-line-unread = { $date } · <b>{ $name }</b> · { $state }
jobs-result = да { $yes }, нет { $no }, не определено { $undetermined }
button-file = { $name } · файл
state-reading = читаю
state-confirming = ждёт вашего нажатия
state-queued = в очереди
state-submitting = передаётся
state-unsure = ждёт вашего решения
state-checking = проверяется
state-delivering = результат отправляется
state-done = готово
state-refused = не принят, деньги не списаны
state-failed = без результата
state-cancelled = отменён, деньги не списаны
state-expired = убран, деньги не списаны
state-closed = закрыт
state-undeliverable = не удалось отправить сюда
cancel-title = Что отменить? За эти списки деньги не списаны.
cancel-none = Отменять здесь нечего.
cancel-submitting = { $count ->
    [one] { $count } список как раз передаётся на проверку, остановить его уже нельзя.
    [few] { $count } списка как раз передаются на проверку, остановить их уже нельзя.
   *[many] { $count } списков как раз передаются на проверку, остановить их уже нельзя.
}
cancel-paid = { $count ->
    [one] { $count } список уже оплачен, остановить его нельзя; результат придёт.
    [few] { $count } списка уже оплачены, остановить их нельзя; результаты придут.
   *[many] { $count } списков уже оплачены, остановить их нельзя; результаты придут.
}
cancel-unsure = { $count ->
    [one] { $count } список ждёт вашего решения: смотрите мой вопрос о нём.
    [few] { $count } списка ждут вашего решения: смотрите мои вопросы о них.
   *[many] { $count } списков ждут вашего решения: смотрите мои вопросы о них.
}
button-cancel-one = Отменить: { $name }
country-now = Номера без кода страны здесь читаю так: <b>{ $country }</b>.
country-none = Про номера без кода страны спрашиваю каждый раз.
country-how = Чтобы изменить, нажмите кнопку или напишите <code>/country Кения</code>.
country-set = Теперь номера без кода страны читаю здесь так: <b>{ $country }</b>.
country-unset = Теперь каждый раз спрашиваю, из какой страны номера без кода.
country-unknown = Не знаю страны «{ $text }». Напишите название, две буквы или код: <code>/country Кения</code>, <code>/country KE</code>, <code>/country +254</code>.
button-ask-each-time = Спрашивать каждый раз
language-which = На каком языке говорить?
language-set = Теперь говорю по-русски.
button-english = English
button-russian = Русский
stranger = Этот бот работает для одной команды.
stranger-person = Чтобы им пользоваться, отправьте его администратору этот id: <code>{ $id }</code>.
stranger-chat = Чтобы пользоваться им здесь, отправьте его администратору эти id: ваш <code>{ $id }</code>, этой группы <code>{ $chat }</code>.
stranger-list = Ваших списков я не читал.
welcome = Ответьте на список командой /check@{ $bot } или пришлите файл с подписью /check@{ $bot }.
error = У меня что-то сломалось, и это уже записано. Как обстоят дела со списками, покажет /jobs. Потом попробуйте ещё раз.

## Ответы на нажатия (до 200 знаков, без HTML)

press-queued = Отправляю на проверку.
press-queued-already = Этот список уже отправлен.
press-changed = Список с тех пор изменился. Посмотрите на новые числа и нажмите ещё раз.
press-nothing-to-check = Проверять пока нечего.
press-cancelled = Отменено. Деньги не списаны.
press-too-late = Отменять поздно: список уже на проверке и оплачен. Результат придёт.
press-submitting = Отменять поздно: список как раз передаётся на проверку.
press-unsure = Не знаю, списаны ли деньги за этот список: смотрите мой вопрос о нём.
press-country = Читаю так: { $country }.
press-left-out = Пропускаю их.
press-opened = Открыл снова: смотрите новое сообщение.
press-list-gone = Этот список уже не хранится. Пришлите его ещё раз.
press-result-gone = Этот результат уже не хранится.
press-sending-again = Отправляю ещё раз.
press-closed = Закрыто.
press-adding = Пришлите ещё номера или файл.
press-file = Отправляю файл.
press-stale = Эта кнопка больше не действует. Как обстоят дела со списками, покажет /jobs
press-not-yours = Нажать может только { $name }: это список этого человека.
press-not-allowed = Этот бот работает для одной команды, и вас нет в её списке.

## Что узнают администраторы

admin-paused-money = Отправка на проверку остановлена: на счёте кончились деньги. После пополнения она продолжится сама.
admin-paused-key = Отправка на проверку остановлена: сервис не принимает ключ из CHECKER_API_KEY.
admin-paused-address = Отправка на проверку остановлена: адрес из CHECKER_API_URL перенаправляет в другое место.

## Профиль бота (имя до 64 знаков, краткое описание до 120, описание до 512)

profile-name = Проверка номеров в Telegram
profile-short = У каких номеров из списка есть Telegram: пришлите файл .txt или вставьте номера, получите таблицу.
profile-about =
    Пришлите файл .txt или вставьте номера телефонов, записанные как угодно.

    Я покажу, что понял и сколько это стоит. Пока вы не нажмёте, ничего не спишется.

    Результат — таблица Excel и итог: да, нет, не определено.
command-check = Проверить список
command-jobs = Последние списки и их файлы
command-country = Страна для номеров без кода
command-cancel = Остановить то, что не оплачено
command-language = Русский или английский
command-help = Как это работает
