"""Telegram: which errors it answers with, and what the bot does about each."""

from tests.tables.row import Row

ERRORS = (
    Row(
        "429 that names a time",
        "that chat is held and no other; progress is dropped, results are kept",
        (
            "bot/messenger::429_with_a_time_is_later_and_says_when",
            "bot/limits::retry_after_holds_its_chat_and_no_other",
            "bot/limits::a_retry_after_drops_progress_at_once",
            "bot/delivering::a_flood_limit_only_delays_the_result",
        ),
    ),
    Row(
        "429 that names none; 502 or 504 with a page",
        "as an error of the server: the first was surely not done, the second may have been",
        (
            "bot/messenger::429_without_a_time_and_500_are_later",
            "bot/messenger::a_page_or_a_broken_connection_leaves_it_unknown_whether_it_was_sent",
            "bot/delivering::a_second_try_is_marked_where_the_first_may_have_arrived",
            "bot/updates::no_usable_answer_is_asked_for_again_ever_more_rarely",
        ),
    ),
    Row(
        "the connection breaks",
        "what was not done is done again; a file that may have arrived comes again marked",
        (
            "bot/messenger::a_connection_that_was_never_made_is_later",
            "story_wire::a_result_on_a_bad_link_arrives_and_a_second_copy_is_marked",
            "story_wire::what_people_write_over_a_bad_link_is_read_once",
        ),
    ),
    Row("400, the message is not modified", "a success", ("bot/messenger::not_modified_is_a_success",)),
    Row(
        "400, the message to edit is not there or cannot be edited",
        "it is forgotten; a preview is shown anew, the result is a message of its own anyway",
        (
            "bot/messenger::a_message_to_edit_that_is_gone_is_named_so",
            "bot/messenger::a_message_that_cannot_be_edited_counts_as_gone",
            "bot/showing::a_preview_that_was_deleted_is_shown_anew",
            "story_faults::messages_that_people_delete_cost_them_no_result",
        ),
    ),
    Row(
        "400, the message to reply to is not there",
        "cannot happen: every reply may go out without it",
        ("bot/messenger::a_reply_to_a_message_that_is_gone_is_sent_all_the_same",),
    ),
    Row(
        "400, the chat is not found; 403, blocked, kicked, deactivated or deleted",
        "the result is kept and delivered when the chat is back",
        (
            "bot/messenger::a_chat_that_does_not_exist_is_unreachable",
            "bot/messenger::403_is_unreachable",
            "bot/delivering::a_blocked_bot_keeps_the_result_and_delivers_it_when_it_is_let_in",
            "handlers/membership::an_unblocked_chat_gets_what_waited_for_it_and_no_greeting",
        ),
    ),
    Row(
        "400, no right to write here",
        "what is allowed is sent; what is not is kept, and an admin is told",
        (
            "bot/delivering::an_admin_hears_of_a_paid_result_that_a_chat_cannot_be_given",
            "bot/messenger::no_right_to_write_is_unreachable",
            "bot/messenger::no_right_to_send_files_is_unreachable_for_a_file_only",
            "handlers/errors::where_we_may_not_write_nothing_is_wrong",
        ),
    ),
    Row(
        "400, the group is a supergroup now",
        "everything of the chat goes over to the new id, and it is sent there",
        (
            "bot/messenger::a_group_that_became_a_supergroup_gives_its_new_id",
            "bot/worker::a_moved_group_takes_its_jobs_and_its_country_along",
            "handlers/membership::everything_of_a_group_goes_over_to_its_new_id",
            "handlers/answers::in_the_new_chat_of_a_group_an_answer_replies_to_nobody_elses_message",
            "bot/delivering::the_result_of_a_group_that_became_a_supergroup_replies_to_nothing",
            "story_group_life::a_group_that_becomes_a_supergroup_goes_on_with_its_jobs_its_settings_and_its_people",
        ),
    ),
    Row(
        "400 to getFile, the file is too big",
        "its stated size is looked at first; the limit is named",
        (
            "bot/fetching::a_stated_size_above_the_limit_asks_nothing",
            "bot/fetching::telegrams_own_word_that_it_is_too_big_is_taken",
            "story_lists::a_file_that_telegram_finds_too_big_is_named_so",
        ),
    ),
    Row(
        "413",
        "sent once as a zip, never tried again as it was",
        (
            "bot/messenger::413_is_too_large",
            "bot/delivering::a_workbook_that_is_too_large_goes_as_a_zip_at_once",
            "bot/delivering::what_is_too_large_as_a_zip_too_is_kept_and_never_tried_again",
            "handlers/errors::what_is_too_large_is_tried_once_more_as_a_zip",
        ),
    ),
    Row(
        "400, the entities cannot be parsed",
        "a mistake of ours: logged, and sent once as plain text",
        (
            "bot/messenger::html_that_telegram_cannot_parse_is_sent_once_as_plain_text",
            "bot/messenger::a_caption_that_telegram_cannot_parse_is_sent_once_as_plain_text",
            "bot/messenger::an_edit_that_telegram_cannot_parse_is_made_once_as_plain_text",
        ),
    ),
    Row(
        "400, the press is too old to be answered",
        "what was asked for is done all the same",
        ("handlers/buttons::a_press_that_is_too_old_for_an_answer_still_counts",),
    ),
    Row(
        "400, the topic is closed or gone",
        "once more outside the topic, as a reply",
        (
            "bot/messenger::a_closed_topic_is_left_once",
            "bot/messenger::a_deleted_topic_is_left_once_also_by_a_file_with_broken_html",
        ),
    ),
    Row(
        "401",
        "nothing new is submitted, what is paid is finished, the log says so",
        (
            "bot/messenger::401_says_that_the_token_is_revoked",
            "bot/updates::a_revoked_token_is_trouble_at_once_and_it_keeps_asking",
            "bot/submitting::nothing_is_submitted_while_telegram_is_in_trouble",
            "bot/trouble::what_is_paid_is_finished_while_nothing_new_is_submitted",
        ),
    ),
    Row(
        "409, somebody else asks for our updates",
        "normal for a moment; past 60 s nothing is submitted, and it is said",
        (
            "bot/updates::another_poller_is_no_trouble_at_first_and_trouble_after_a_minute",
            "bot/submitting::nothing_is_submitted_while_telegram_is_in_trouble",
        ),
    ),
    Row(
        "a download that fails with the token in its words",
        "the words go no further",
        ("bot/fetching::the_token_is_in_no_error_and_in_no_log",),
    ),
    Row(
        "an update of a shape that nobody knows",
        "put aside alone, the others go on",
        (
            "bot/updates::a_bad_update_is_put_aside_alone",
            "bot/updates::a_batch_with_a_broken_element_still_gives_the_others",
        ),
    ),
)
