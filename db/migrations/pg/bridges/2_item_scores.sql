-- The scores of the items stand in the row of the score that they add up to. Until now there was one row an item, overwritten each time
-- the attempt was scored: they belong to the latest score, and of the items of an earlier one nothing is known any more. In the form's
-- order; the criteria of a contact in the order of its rubric.
ALTER TABLE "scores" ADD COLUMN "items" jsonb;
UPDATE "scores" s SET "items" = CASE WHEN s."number" = (SELECT max(l."number") FROM "scores" l WHERE l."attempt_id" = s."attempt_id") THEN (
	SELECT coalesce(jsonb_agg(jsonb_build_object(
		'itemId', i."item_id",
		'credit', i."credit",
		'points', i."points",
		'origin', i."origin",
		'scoringHash', i."scoring_hash",
		'status', i."detail" -> 'status',
		'parts', i."detail" -> 'parts'
	) ORDER BY f."position", r."position", i."item_id"), '[]')
	FROM "item_scores" i
	LEFT JOIN "form_items" f ON f."attempt_id" = i."attempt_id" AND f."item_id" = i."item_id"
	LEFT JOIN (
		SELECT t."attempt_id", c."position", c."value" ->> 'id' AS "criterion_id"
		FROM "rating_tasks" t JOIN "content_versions" v ON v."id" = t."rubric_version_id", jsonb_array_elements(v."body" -> 'criteria') WITH ORDINALITY c("value", "position")
		WHERE t."subject_type" = 'contact'
	) r ON r."attempt_id" = i."attempt_id" AND r."criterion_id" = i."item_id"
	WHERE i."attempt_id" = s."attempt_id"
) ELSE '[]' END;
ALTER TABLE "scores" ALTER COLUMN "items" SET NOT NULL;
DROP TABLE "item_scores";
