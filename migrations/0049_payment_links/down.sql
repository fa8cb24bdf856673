DROP TABLE payment_link_checkouts
--> statement
DROP TABLE payment_links
