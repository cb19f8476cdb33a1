-- A late text is known by the number of the event that put it here: both were written in one transaction, with the same mutation, item
-- and hash. The former key, attempt and mutation, was narrower than the new unique index, so no two rows meet in that.
CREATE TABLE `__new_quarantined_answers` (
	`attempt_id` text NOT NULL,
	`seq` integer NOT NULL,
	`mutation_id` text NOT NULL,
	`item_id` text NOT NULL,
	`response` text NOT NULL,
	`content_hash` text NOT NULL,
	`received_at` integer NOT NULL,
	`code` text NOT NULL,
	`decided_by` text,
	`decided_at` integer,
	`decision` text,
	`note_id` text,
	PRIMARY KEY(`attempt_id`, `seq`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO `__new_quarantined_answers` (`attempt_id`, `seq`, `mutation_id`, `item_id`, `response`, `content_hash`, `received_at`, `code`, `decided_by`, `decided_at`, `decision`)
SELECT q.`attempt_id`, (
		SELECT min(e.`seq`) FROM `attempt_events` e
		WHERE e.`attempt_id` = q.`attempt_id` AND e.`type` = 'answer_quarantined'
			AND e.`data` ->> '$.mutationId' = q.`mutation_id` AND e.`data` ->> '$.itemId' = q.`item_id` AND e.`data` ->> '$.contentHash' = q.`content_hash`
	), q.`mutation_id`, q.`item_id`, q.`response`, q.`content_hash`, q.`received_at`, q.`code`, q.`decided_by`, q.`decided_at`, q.`decision`
FROM `quarantined_answers` q;
DROP TABLE `quarantined_answers`;
ALTER TABLE `__new_quarantined_answers` RENAME TO `quarantined_answers`;
CREATE UNIQUE INDEX `quarantined_answers_text_uq` ON `quarantined_answers` (`attempt_id`,`item_id`,`mutation_id`,`content_hash`);
-- The event says whether there is a text for staff to decide on: there is where a row was kept.
UPDATE `attempt_events` SET `data` = json_set(`data`, '$.hasText', json(iif(
	EXISTS (SELECT 1 FROM `quarantined_answers` q WHERE q.`attempt_id` = `attempt_events`.`attempt_id` AND q.`seq` = `attempt_events`.`seq`), 'true', 'false')))
WHERE `type` = 'answer_quarantined' AND json_type(`data`, '$.hasText') IS NULL;
-- The page's last sign was not noted; the ledger has counted from the event, and goes on to.
UPDATE `attempt_events` SET `data` = json_set(`data`, '$.lastSeenAt', `at`) WHERE `type` = 'disconnected' AND json_type(`data`, '$.lastSeenAt') IS NULL;
-- Steps of the clock were not noted in attempts, so there is none to remember.
UPDATE `attempts` SET `state` = json_set(`state`, '$.clockNotes', json('[]')) WHERE json_type(`state`, '$.clockNotes') IS NULL;
UPDATE `settings` SET `value` = json_set(`value`, '$.alarmId', 'ck_' || (`value` ->> '$.raisedAt')) WHERE `key` = 'clock_alarm' AND json_type(`value`, '$.alarmId') IS NULL;
