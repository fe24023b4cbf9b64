"""The checking API: what may come, and what it means for the money."""

from tests.tables.row import Row

SUBMIT = (
    Row(
        "no connection was made: refused, name unknown, no TLS, no answer to the attempt to connect",
        "not charged; stays in the queue and is tried again later",
        (
            "bot/submit_on_the_wire::a_refused_connection_is_not_charged",
            "bot/submit_on_the_wire::a_host_that_nobody_knows_is_not_charged",
            "bot/submit_on_the_wire::a_connect_timeout_is_not_charged",
            "bot/submit_on_the_wire::a_failed_tls_handshake_is_not_charged",
            "bot/submit_on_the_wire::a_tls_handshake_that_hangs_is_not_charged",
            "bot/submitting::an_api_that_cannot_be_reached_is_tried_again_later",
        ),
    ),
    Row(
        "200 or 202 that names a task",
        "charged; the task is followed, its id is on the disk before anything else",
        (
            "bot/submit_on_the_wire::a_200_or_202_with_a_task_id_is_accepted",
            "bot/submit_on_the_wire::the_second_shape_tells_the_total_and_the_amount",
            "bot/submitting::an_accepted_list_is_checked_and_asked_about_after_a_second",
            "bot/submit_receipts::the_receipt_is_written_before_the_database_is_told",
        ),
    ),
    Row(
        "200 or 202 that names none, or is no JSON",
        "probably charged; a person is asked, the first 4 KB are kept as evidence",
        (
            "bot/submit_on_the_wire::a_200_or_202_without_a_task_id_is_unknown_and_its_body_is_kept",
            "bot/submit_on_the_wire::the_first_4_kb_of_a_strange_body_are_kept_as_evidence",
            "bot/submitting::a_200_without_a_task_id_leaves_the_job_unsure_with_the_evidence_kept",
        ),
    ),
    Row(
        "400, the list is too small",
        "not charged; the person hears how many it takes and may add numbers; later previews say so for 7 days",
        (
            "bot/submit_on_the_wire::a_400_for_a_list_that_is_too_small_tells_the_minimum_from_its_text",
            "bot/list_minimum::a_minimum_is_read_from_many_wordings",
            "bot/submitting::a_list_that_is_too_small_asks_again_and_names_the_minimum",
            "bot/submitting::the_minimum_is_shown_on_later_previews_for_seven_days",
            "bot/preview::a_small_list_hears_of_the_smallest_and_can_grow",
        ),
    ),
    Row(
        "any other 400, and 404, 405, 413, 415, 422",
        "not charged; refused with the reason in the API's words, the list is kept",
        (
            "bot/submit_on_the_wire::a_400_otherwise_a_404_405_413_415_or_422_is_refused_with_its_reason",
            "bot/submitting::a_clear_no_ends_the_job_and_says_why",
            "storage/lists::a_list_that_the_api_refused_opens_again",
        ),
    ),
    Row(
        "401 or 403",
        "not charged; stays in the queue, nothing at all is submitted, the admins are told",
        (
            "bot/submit_on_the_wire::a_401_or_403_is_not_charged_and_says_that_the_key_is_bad",
            "bot/pausing::the_job_is_queued_and_says_what_it_waits_for",
            "bot/pausing::another_list_is_not_even_submitted_during_a_pause",
            "bot/pausing::the_admins_are_told_once",
        ),
    ),
    Row(
        "402",
        "not charged; nothing is submitted, each waiting chat hears it once, all goes on after a top-up",
        (
            "bot/submit_on_the_wire::a_402_is_not_charged_and_says_that_there_is_no_money",
            "bot/pausing::each_chat_that_waits_for_money_is_told_once",
            "bot/pausing::the_balance_is_asked_every_quarter_of_an_hour",
            "bot/pausing::without_a_balance_endpoint_the_oldest_job_alone_is_tried",
            "bot/pausing::all_goes_on_by_itself_after_a_top_up",
            "bot/pausing::a_job_that_waits_for_money_for_twelve_hours_asks_again",
        ),
    ),
    Row(
        "408, 429 or 503",
        "not charged; tried again when the API says, else after half a minute",
        (
            "bot/submit_on_the_wire::a_408_429_or_503_is_not_charged_and_comes_again",
            "bot/submitting::a_busy_api_is_tried_again_when_it_says",
            "bot/submitting::a_busy_api_that_names_no_time_is_tried_again_after_half_a_minute",
        ),
    ),
    Row(
        "500 with JSON",
        "not charged; tried again after 2 s, 8 s, 30 s, 2 min and 10 min, then a person is asked",
        (
            "bot/submit_on_the_wire::a_500_with_json_is_not_charged_by_the_contract",
            "bot/submitting::an_internal_error_is_tried_five_times_and_then_a_person_is_asked",
            "bot/submitting::a_press_after_used_up_tries_begins_anew",
        ),
    ),
    Row(
        "502, 504, and any 5xx that is a page",
        "nobody knows; a person is asked",
        (
            "bot/submit_on_the_wire::a_500_without_json_is_unknown",
            "bot/submit_on_the_wire::a_502_is_unknown",
            "bot/submit_on_the_wire::a_504_is_unknown",
            "bot/submit_on_the_wire::any_other_5xx_is_unknown",
            "bot/submit_on_the_wire::a_503_with_a_page_is_unknown_like_every_5xx_with_html",
            "bot/submitting::a_server_error_with_a_page_leaves_the_job_unsure",
        ),
    ),
    Row(
        "the connection breaks or nothing comes in time after the request has begun; the process dies",
        "nobody knows; a person is asked, and only a person sends it again",
        (
            "bot/submit_breaks::a_connection_that_breaks_or_times_out_after_the_request_has_begun_is_unknown",
            "bot/submit_breaks::a_connection_that_breaks_in_the_middle_of_the_upload_is_unknown",
            "bot/submitting::a_connection_that_breaks_after_the_request_began_leaves_the_job_unsure",
            "bot/submitting::an_unsure_job_is_never_submitted_again_by_itself",
            "storage/submits::at_the_start_every_submit_under_way_is_left_to_a_person",
            "story_wire::a_submit_on_a_bad_link_is_charged_once_at_the_most_and_its_person_hears_of_it",
            "story_receipts::a_paid_task_in_the_journal_goes_on_and_any_other_submit_is_asked_about",
        ),
    ),
    Row(
        "a redirect",
        "not charged and not followed; nothing is submitted, the admins hear that the address is wrong",
        (
            "bot/submit_on_the_wire::a_redirect_is_not_charged_and_never_followed",
            "bot/submit_on_the_wire::a_redirect_to_nowhere_is_not_charged",
            "bot/pausing::the_admins_are_told_once",
        ),
    ),
)

STATUS = (
    Row(
        "a task that goes on",
        "asked about after 1 s, then after a sixth of the time that seems left, from 1 s to 30 s",
        (
            "bot/checking::the_first_question_comes_a_second_after_the_submit",
            "bot/checking::the_next_question_comes_after_a_sixth_of_what_seems_left",
        ),
    ),
    Row(
        "no answer, a 5xx or garbage",
        "asked again after 1 s, doubling to 60 s, with jitter; a job never fails of it",
        (
            "bot/check_api::network_errors_and_garbage_move_the_clock_of_a_status_question",
            "bot/checking::no_usable_answer_moves_the_clock_and_fails_nothing",
            "bot/checking::the_wait_doubles_to_a_minute_with_jitter",
            "bot/checking::an_api_that_is_away_for_weeks_fails_nothing",
        ),
    ),
    Row(
        "a status that nobody knows",
        "taken for one that goes on",
        (
            "bot/answers::an_unknown_status_or_none_is_processing",
            "bot/checking::an_unknown_status_is_treated_as_processing",
        ),
    ),
    Row(
        "400 or 404, the task is not known",
        "five times over half an hour it has failed, told with the task id",
        (
            "bot/check_api::a_400_or_404_for_an_unknown_task_is_told_apart",
            "bot/checking::a_task_unknown_five_times_over_half_an_hour_fails",
            "bot/checking::a_task_that_is_known_again_goes_on",
            "bot/asking::a_task_that_the_api_does_not_know_is_not_said_to_be_charged_where_an_admin_named_it",
        ),
    ),
    Row(
        "a task that stands still",
        "told once, asked about rarely, failed after 7 days, told with the task id",
        (
            "bot/checking::a_task_that_stands_still_is_asked_about_less_and_less",
            "bot/checking::a_task_that_stalls_is_said_once_polled_rarely_and_failed_after_a_week",
            "bot/checking::a_stalled_task_that_goes_on_is_delivered",
        ),
    ),
    Row(
        "a task that failed",
        "told with the API's words and the task id",
        ("bot/checking::a_task_that_failed_ends_the_job_and_is_told_with_its_words_and_its_id",),
    ),
)

RESULT = (
    Row(
        "403, 404, 410, a page, a broken archive",
        "fetched from a fresh address after 1 s, doubling to 60 s; after an hour a person is told, with the task id",
        (
            "bot/downloading::a_403_404_410_or_any_other_status_gives_no_result",
            "bot/downloading::a_page_is_no_result_whatever_it_is_called",
            "bot/checking_results::a_result_that_cannot_be_had_is_fetched_from_a_fresh_address",
            "bot/checking_results::a_result_that_cannot_be_had_for_an_hour_is_told_once_with_the_task_id",
        ),
    ),
    Row(
        "a file under a name that says something else",
        "told from its first bytes",
        ("bot/results::a_result_is_understood_in_the_form",),
    ),
    Row(
        "a file that never ends, drips, stands still or is too large",
        "broken off at its size or its deadline",
        (
            "bot/downloading::a_result_that_says_it_is_too_large_is_not_begun",
            "bot/downloading::a_result_that_never_ends_is_cut_at_the_limit",
            "bot/downloading::a_transfer_that_drips_ends_at_the_deadline",
            "bot/downloading::a_transfer_that_stands_still_is_given_up",
        ),
    ),
    Row(
        "an archive that is a bomb, or a workbook with a document type",
        "refused by its directory, before anything is parsed; parsed by a child within its limits",
        (
            "bot/archives::a_bomb_is_refused_without_unpacking_it",
            "bot/archives::too_many_entries_are_refused",
            "bot/archives::a_doctype_is_found_behind_a_long_comment_and_in_other_encodings",
            "bot/results::a_workbook_with_entities_is_refused_before_it_is_parsed",
            "bot/workshop::a_child_that_misbehaves_is_a_reading_that_failed",
            "bot/workshop::a_child_that_takes_too_long_is_killed",
        ),
    ),
    Row(
        "a sheet that lies about its size",
        "read to its end all the same",
        ("bot/results::a_lying_dimension_is_not_believed",),
    ),
    Row(
        "rows that are missing, foreign, repeated or contradict each other",
        "reconciled with what was sent; what has no clear answer is undetermined, never no",
        (
            "bot/results::numbers_that_do_not_come_back_are_undetermined",
            "bot/results::anything_else_is_undetermined_and_never_no",
            "bot/results::contradictory_rows_make_a_number_undetermined",
            "bot/results::a_result_of_another_list_is_refused",
        ),
    ),
    Row(
        "an address that is private, or a redirect to one",
        "not fetched; the API's own host may be private",
        (
            "bot/result_addresses::every_way_of_writing_a_private_address_is_refused",
            "bot/result_addresses::the_host_of_the_api_may_be_private_and_plain_on_any_port",
            "bot/downloading::redirects_are_followed_and_every_hop_is_looked_at",
            "bot/downloading::a_redirect_to_a_forbidden_address_gives_no_result",
            "bot/downloading::a_download_sends_no_key_no_cookie_and_asks_for_no_compression",
        ),
    ),
)
