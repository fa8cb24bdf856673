<?php

declare(strict_types=1);

namespace Malipo;

/**
 * Every error of this file. Decide by `$errorCode`; after `network_error` repeat with `$idempotencyKey`.
 */
final class MalipoError extends \RuntimeException
{
    /** @param list<array{pointer: string, detail: string}> $errors the fields that are wrong */
    public function __construct(
        public readonly string $errorCode,
        string $message,
        public readonly int $status = 0,
        public readonly ?string $requestId = null,
        public readonly array $errors = [],
        public readonly ?int $retryAfter = null,
        public readonly ?string $idempotencyKey = null,
    ) {
        parent::__construct("$errorCode: $message");
    }
}

/**
 * The client of Malipo for PHP 8.1 or newer, without extensions. Amounts are cents of KES. Each call that changes
 * something carries an idempotency key, which stays the same when the call is retried, so nothing is done twice.
 *
 * @phpstan-type Checkout array{id: string, status: string, amount: int, reference: string, attempts: list<array>,
 *   payment: ?array{id: string, receipt: ?string, amount: int}, last_failure: ?array{code: string, message: string},
 *   hosted_url: string, version: int}
 * @phpstan-type Payout array{id: string, status: string, amount: int, reference: string, receipt: ?string,
 *   needs_person: bool, version: int}
 * @phpstan-type Event array{id: string, type: string, subject: string, data: array, created_at: string}
 */
final class Malipo
{
    private const ENDED_CHECKOUT = ['succeeded', 'expired', 'cancelled', 'review'];
    private const ENDED_PAYOUT = ['succeeded', 'failed', 'rejected', 'cancelled', 'awaiting_approval'];
    private const LONGEST_WAIT_S = 20;

    private string $clientId;
    private string $clientSecret;
    private string $baseUrl;
    private ?string $token = null;
    private float $tokenUntil = 0;

    /** What is left out is read from MALIPO_CLIENT_ID, MALIPO_CLIENT_SECRET and MALIPO_URL. */
    public function __construct(
        ?string $clientId = null,
        ?string $clientSecret = null,
        ?string $baseUrl = null,
        private readonly int $timeout = 30,
        private readonly int $retries = 4,
    ) {
        $given = ['MALIPO_CLIENT_ID' => $clientId, 'MALIPO_CLIENT_SECRET' => $clientSecret, 'MALIPO_URL' => $baseUrl];
        $settings = [];
        foreach ($given as $name => $value) {
            $settings[$name] = $value ?? (getenv($name) ?: '');
        }
        $missing = array_keys(array_filter($settings, fn ($value) => $value === ''));
        if ($missing !== []) {
            throw new MalipoError('not_configured', 'give the argument, or set ' . implode(', ', $missing));
        }
        [$this->clientId, $this->clientSecret, $url] = array_values($settings);
        $this->baseUrl = rtrim($url, '/');
    }

    /** @return Checkout */
    public function createCheckout(array $body, ?string $idempotencyKey = null): array
    {
        return $this->call('POST', '/v1/checkouts', $body, idempotencyKey: $idempotencyKey);
    }

    /** @return Checkout */
    public function getCheckout(string $id): array
    {
        return $this->call('GET', '/v1/checkouts/' . self::id($id));
    }

    /** @return Checkout */
    public function promptAgain(string $id, string $phoneNumber, ?string $idempotencyKey = null): array
    {
        $path = '/v1/checkouts/' . self::id($id) . '/attempts';
        return $this->call('POST', $path, ['phone_number' => $phoneNumber], idempotencyKey: $idempotencyKey);
    }

    /**
     * Until it has ended, or a prompt was declined and it is open for another. Error: `wait_timed_out`.
     * @return Checkout
     */
    public function waitForCheckout(string $id, int $timeout = 180): array
    {
        $isOver = fn (array $it): bool => in_array($it['status'], self::ENDED_CHECKOUT, true)
            || ($it['status'] === 'open' && $it['attempts'] !== []);
        return $this->wait(fn () => $this->getCheckout($id), $isOver, $timeout);
    }

    /**
     * Store the key before the call: with it you can repeat after a crash, without paying twice.
     * @return Payout
     */
    public function createPayout(array $body, string $idempotencyKey): array
    {
        return $this->call('POST', '/v1/payouts', $body, idempotencyKey: $idempotencyKey);
    }

    /** @return Payout */
    public function getPayout(string $id): array
    {
        return $this->call('GET', '/v1/payouts/' . self::id($id));
    }

    /**
     * Until it has ended, awaits approval, or needs a person. Error: `wait_timed_out`.
     * @return Payout
     */
    public function waitForPayout(string $id, int $timeout = 180): array
    {
        $isOver = fn (array $it): bool => in_array($it['status'], self::ENDED_PAYOUT, true) || $it['needs_person'];
        return $this->wait(fn () => $this->getPayout($id), $isOver, $timeout);
    }

    /** All rows of a list, page after page. */
    public function list(string $path, array $query = []): \Generator
    {
        do {
            $page = $this->call('GET', $path, query: $query);
            yield from array_values($page['data']);
            $query['cursor'] = $page['next_cursor'];
        } while ($page['next_cursor'] !== null);
    }

    /** Any call of the API, with token, key and retries. Errors: MalipoError. */
    public function call(
        string $method,
        string $path,
        ?array $body = null,
        array $query = [],
        ?string $idempotencyKey = null,
    ): array {
        $key = $idempotencyKey ?? ($method === 'POST' ? bin2hex(random_bytes(16)) : null);
        $url = $this->baseUrl . $path . ($query === [] ? '' : '?' . http_build_query($query));
        for ($tried = 0;; $tried++) {
            try {
                return $this->withToken($method, $url, $body, $key);
            } catch (MalipoError $error) {
                $isTransient = in_array($error->errorCode, ['network_error', 'idempotency_in_progress'], true)
                    || in_array($error->status, [429, 502, 503, 504], true);
                if (!$isTransient || $tried === $this->retries || $error->retryAfter > self::LONGEST_WAIT_S) {
                    throw $error;
                }
                $longest = min(self::LONGEST_WAIT_S, 0.5 * 2 ** $tried);
                usleep((int) (1e6 * max($error->retryAfter ?? 0, $longest * random_int(50, 100) / 100)));
            }
        }
    }

    /**
     * Verifies and reads a delivery. Give the body as it came. Handle each `id` once. Error: `signature_invalid`.
     * @param array<string, string> $headers
     * @param string|list<string> $secrets
     * @return Event
     */
    public static function verifyWebhook(string $body, array $headers, $secrets, int $tolerance = 300): array
    {
        $found = array_change_key_case($headers);
        $stamp = $found['webhook-timestamp'] ?? '';
        if (!preg_match('/^\d{1,12}$/D', $stamp) || abs(time() - (int) $stamp) > $tolerance) {
            throw new MalipoError('signature_invalid', 'webhook-timestamp is missing or too far from now');
        }
        $content = ($found['webhook-id'] ?? '') . ".$stamp.$body";
        foreach ((array) $secrets as $secret) {
            $key = base64_decode(str_starts_with($secret, 'whsec_') ? substr($secret, 6) : $secret);
            if ($key === '') {
                throw new \InvalidArgumentException('a webhook secret is whsec_ and base64'); // with no key anybody could sign
            }
            $expected = 'v1,' . base64_encode(hash_hmac('sha256', $content, $key, true));
            foreach (explode(' ', $found['webhook-signature'] ?? '') as $signature) {
                if (hash_equals($expected, $signature)) {
                    return json_decode($body, true, flags: JSON_THROW_ON_ERROR);
                }
            }
        }
        throw new MalipoError('signature_invalid', 'no webhook-signature fits: check the secret and the body');
    }

    private function withToken(string $method, string $url, ?array $body, ?string $key): array
    {
        // an empty array of PHP is a list in JSON, and every body is an object
        $text = $body === null ? null : json_encode($body === [] ? new \stdClass() : $body, JSON_THROW_ON_ERROR);
        for ($isLast = false;; $isLast = true) {
            $headers = ['authorization: Bearer ' . $this->token(), 'content-type: application/json'];
            if ($key !== null) {
                $headers[] = "idempotency-key: $key";
            }
            try {
                return $this->send($method, $url, $text, $headers, $key);
            } catch (MalipoError $error) {
                if ($error->status !== 401 || $isLast) {
                    throw $error;
                }
                $this->token = null;
            }
        }
    }

    private function token(): string
    {
        if ($this->token === null || microtime(true) > $this->tokenUntil) {
            $pair = base64_encode(urlencode($this->clientId) . ':' . urlencode($this->clientSecret));
            $headers = ["authorization: Basic $pair", 'content-type: application/x-www-form-urlencoded'];
            $answer = $this->send('POST', "$this->baseUrl/oauth/token", 'grant_type=client_credentials', $headers, null);
            $this->token = $answer['access_token'];
            $this->tokenUntil = microtime(true) + $answer['expires_in'] - 30;
        }
        return $this->token;
    }

    private function send(string $method, string $url, ?string $text, array $headers, ?string $key): array
    {
        $http = [
            'method' => $method,
            'header' => [...$headers, 'accept: application/json'],
            'timeout' => $this->timeout,
            'ignore_errors' => true,
            'follow_location' => 0,
        ];
        $context = stream_context_create(['http' => $text === null ? $http : [...$http, 'content' => $text]]);
        $answer = @file_get_contents($url, false, $context);
        if ($answer === false || !isset($http_response_header[0])) {
            throw new MalipoError('network_error', "$method: no answer", idempotencyKey: $key);
        }
        $status = (int) (explode(' ', $http_response_header[0])[1] ?? 0);
        $fields = json_decode($answer, true);
        if ($status >= 200 && $status < 300 && is_array($fields)) {
            return $fields;
        }
        $wait = preg_grep('/^retry-after: *\d+$/i', $http_response_header) ?: [];
        $fields = is_array($fields) ? $fields : [];
        throw new MalipoError(
            $fields['code'] ?? $fields['error'] ?? 'unexpected_answer',
            $fields['detail'] ?? $fields['error_description'] ?? "HTTP $status",
            $status,
            $fields['request_id'] ?? null,
            $fields['errors'] ?? [],
            $wait === [] ? null : (int) trim(explode(':', reset($wait))[1]),
            $key,
        );
    }

    private function wait(callable $look, callable $isOver, int $timeout): array
    {
        $deadline = microtime(true) + $timeout;
        for ($pause = 0.5;; $pause = min($pause * 1.4, 10)) {
            $seen = $look();
            if ($isOver($seen)) {
                return $seen;
            }
            if (microtime(true) > $deadline) {
                throw new MalipoError('wait_timed_out', "{$seen['id']} is still {$seen['status']}. Money may still move.");
            }
            usleep((int) ($pause * 1e6));
        }
    }

    private static function id(string $text): string
    {
        if (!preg_match('/^\w{1,64}$/D', $text)) {
            throw new \InvalidArgumentException("\"$text\" is not an id");
        }
        return $text;
    }
}
