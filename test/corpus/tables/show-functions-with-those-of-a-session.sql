-- Functions of a session are listed among those that are built in.
-- compare: sequence
CREATE FUNCTION zz_first AS 'com.example.F' USING JAR '/nowhere/f.jar';
CREATE FUNCTION ZZ_second AS 'com.example.F';
ALTER FUNCTION zz_first AS 'com.example.G' LANGUAGE SCALA;
ALTER FUNCTION IF EXISTS zz_none AS 'com.example.G';
SHOW FUNCTIONS LIKE 'zz%';
