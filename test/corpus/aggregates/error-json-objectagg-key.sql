-- The keys of an object are texts.
SELECT JSON_OBJECTAGG(KEY x VALUE x) FROM (VALUES (1)) AS t (x);
