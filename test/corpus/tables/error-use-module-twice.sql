-- Each module stands once.
USE MODULES core, core;
