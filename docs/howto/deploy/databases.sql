-- One database for the exchange and one for each program; made once, when the database's volume is empty.
CREATE DATABASE exchange;
CREATE DATABASE medicine_hat;
CREATE DATABASE calgary;
CREATE DATABASE lethbridge;
