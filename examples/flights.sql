-- How late flights left, week by week: 20,000 real flights of 2001, read from one JSON array.
CREATE TABLE flights (
  `date` STRING,
  delay INT,
  distance INT,
  origin STRING,
  destination STRING,
  departure AS TO_TIMESTAMP(`date`, 'yyyy/MM/dd HH:mm'),
  WATERMARK FOR departure AS departure - INTERVAL '1' HOUR
) WITH (
  'connector' = 'filesystem',
  'path' = 'node_modules/vega-datasets/data/flights-20k.json',
  'format' = 'json'
);

SELECT
  window_start AS week,
  COUNT(*) AS flights,
  CAST(AVG(CAST(delay AS DOUBLE)) AS DECIMAL(6, 1)) AS mean_delay,
  MAX(delay) AS longest_delay,
  COUNT(*) FILTER (WHERE delay > 60) AS over_an_hour
FROM TUMBLE(TABLE flights, DESCRIPTOR(departure), INTERVAL '7' DAY)
GROUP BY window_start, window_end;
