-- The scores of the items stand in the row of the score that they add up to. Until now there was one row an item, overwritten each time
-- the attempt was scored: they belong to the latest score, and of the items of an earlier one nothing is known any more. In the form's
-- order; the criteria of a contact in the order of its rubric.
CREATE TABLE `__new_scores` (
	`attempt_id` text NOT NULL,
	`number` integer NOT NULL,
	`percent` real,
	`profile` text NOT NULL,
	`items` text NOT NULL,
	`complete` integer NOT NULL,
	`computed_at` integer NOT NULL,
	PRIMARY KEY(`attempt_id`, `number`),
	FOREIGN KEY (`attempt_id`) REFERENCES `attempts`(`id`) ON UPDATE no action ON DELETE no action
);
INSERT INTO `__new_scores` (`attempt_id`, `number`, `percent`, `profile`, `items`, `complete`, `computed_at`)
SELECT s.`attempt_id`, s.`number`, s.`percent`, s.`profile`,
	CASE WHEN s.`number` = (SELECT max(l.`number`) FROM `scores` l WHERE l.`attempt_id` = s.`attempt_id`) THEN (
		SELECT json_group_array(json_object(
			'itemId', i.`item_id`,
			'credit', i.`credit`,
			'points', i.`points`,
			'origin', i.`origin`,
			'scoringHash', i.`scoring_hash`,
			'status', i.`detail` ->> '$.status',
			'parts', json(i.`detail` -> '$.parts')
		) ORDER BY f.`position`, r.`position`, i.`item_id`)
		FROM `item_scores` i
		LEFT JOIN `form_items` f ON f.`attempt_id` = i.`attempt_id` AND f.`item_id` = i.`item_id`
		LEFT JOIN (
			SELECT t.`attempt_id`, c.`key` AS `position`, c.`value` ->> '$.id' AS `criterion_id`
			FROM `rating_tasks` t JOIN `content_versions` v ON v.`id` = t.`rubric_version_id`, json_each(v.`body`, '$.criteria') c
			WHERE t.`subject_type` = 'contact'
		) r ON r.`attempt_id` = i.`attempt_id` AND r.`criterion_id` = i.`item_id`
		WHERE i.`attempt_id` = s.`attempt_id`
	) ELSE '[]' END,
	s.`complete`, s.`computed_at`
FROM `scores` s;
DROP TABLE `scores`;
ALTER TABLE `__new_scores` RENAME TO `scores`;
DROP TABLE `item_scores`;
