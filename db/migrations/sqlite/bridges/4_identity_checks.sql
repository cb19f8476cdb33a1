-- A check admits to one attempt. Until now an enrolment had one check, and no attempt of it could begin before that was confirmed: where
-- there is any attempt, the confirmation has been used, and the first one is what it was used for. Whoever has begun goes on, because only
-- a start asks for a check; for a further attempt they are checked again. A confirmation without an attempt is still open and admits to one.
-- A check that waits admits to nothing yet, so it is bound to nothing.
CREATE TABLE `__new_identity_checks` (
	`enrolment_id` text NOT NULL,
	`number` integer NOT NULL,
	`status` text NOT NULL,
	`supervisor_id` text,
	`confirmed_at` integer,
	`attempt_id` text,
	`document_type` text,
	`last_characters` text,
	`erase_after` integer,
	PRIMARY KEY(`enrolment_id`, `number`),
	FOREIGN KEY (`enrolment_id`) REFERENCES `enrolments`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO `__new_identity_checks` (`enrolment_id`, `number`, `status`, `supervisor_id`, `confirmed_at`, `attempt_id`, `document_type`, `last_characters`, `erase_after`)
SELECT c.`enrolment_id`, 1, c.`status`, c.`supervisor_id`, c.`confirmed_at`,
	iif(c.`status` = 'waiting', NULL, (SELECT a.`id` FROM `attempts` a WHERE a.`enrolment_id` = c.`enrolment_id` ORDER BY a.`created_at`, a.`id` LIMIT 1)),
	c.`document_type`, c.`last_characters`, c.`erase_after`
FROM `identity_checks` c;
DROP TABLE `identity_checks`;
ALTER TABLE `__new_identity_checks` RENAME TO `identity_checks`;
-- While this shape was in use the note of a confirmed clock learned what it gave back; before that it gave nothing.
UPDATE `attempt_events` SET `data` = json_set(`data`, '$.givenBackMs', 0) WHERE `type` = 'clock_confirmed' AND json_type(`data`, '$.givenBackMs') IS NULL;
-- And the alarm learned when the clock is known to have shown last: no earlier than anything that was written by it.
UPDATE `settings` SET `value` = json_set(`value`, '$.seenAt', max(
	`value` ->> '$.raisedAt',
	coalesce((SELECT max(`at`) FROM `attempt_events`), 0),
	coalesce((SELECT max(`at`) FROM `audit_events`), 0)))
WHERE `key` = 'clock_alarm' AND json_type(`value`, '$.seenAt') IS NULL;
