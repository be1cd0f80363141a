-- Arrays as the key of a join: equal element by element, NULL elements too; a NULL array equals nothing.
-- compare: fold
CREATE TABLE baskets (
  id INT,
  tags ARRAY<STRING>,
  attrs MAP<STRING, INT>,
  items ARRAY<ROW<sku STRING, qty INT>>,
  nums ARRAY<INT>
) WITH ('connector' = 'filesystem', 'path' = '${DATA}/../../conformance/data/joins_baskets.jsonl', 'format' = 'json');
SELECT a.id, b.id AS other FROM baskets a JOIN baskets b ON a.tags = b.tags;
