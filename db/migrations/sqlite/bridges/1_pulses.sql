-- What every save moves stands apart from the wide row of the attempt.
CREATE TABLE `attempt_pulses` (
	`attempt_id` text PRIMARY KEY NOT NULL,
	`seq` integer DEFAULT 0 NOT NULL,
	`last_save_at` integer,
	`last_seen_at` integer,
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO `attempt_pulses` (`attempt_id`, `seq`, `last_save_at`, `last_seen_at`) SELECT `id`, `seq`, `last_save_at`, `last_seen_at` FROM `attempts`;
ALTER TABLE `attempts` DROP COLUMN `seq`;
ALTER TABLE `attempts` DROP COLUMN `last_save_at`;
ALTER TABLE `attempts` DROP COLUMN `last_seen_at`;
