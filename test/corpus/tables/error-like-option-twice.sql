-- Each feature stands once.
CREATE TABLE base (a INT) WITH ('connector' = 'datagen');
CREATE TABLE t LIKE base (INCLUDING OPTIONS EXCLUDING OPTIONS);
