DELETE FROM jobs WHERE kind = 'change_request'
--> statement
DROP TABLE change_requests
