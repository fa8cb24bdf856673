<?php
// As much of WordPress as the plugin of docs/guides/woocommerce.md touches, and a shopper who buys.
define('ABSPATH', __DIR__);
[, $plugin, $api] = $argv;

class WC_Payment_Gateway {
    public $id, $method_title, $has_fields, $title, $form_fields;
    public static array $options = [];
    public function init_settings() {}
    public function get_option($name) { return self::$options[$name]; }
    public function get_return_url($order) { return 'https://shop.example/thanks'; }
}
class Order {
    public array $meta = [];
    public ?string $paid = null;
    public function get_total() { return '1500.00'; }
    public function update_meta_data($name, $value) { $this->meta[$name] = $value; }
    public function get_meta($name) { return $this->meta[$name] ?? ''; }
    public function save() {}
    public function is_paid() { return $this->paid !== null; }
    public function payment_complete($receipt) { $this->paid = $receipt; }
}
$order = new Order();
$stored = [];
function add_filter($name, $run) {}
function add_action($name, $run) { if ($name === 'plugins_loaded') $run(); }
function wc_get_order($id) { return $GLOBALS['order']; }
function wc_add_notice($text, $kind) { fwrite(STDERR, "$text\n"); }
function get_transient($name) { return $GLOBALS['stored'][$name] ?? false; }
function set_transient($name, $value, $seconds) { $GLOBALS['stored'][$name] = $value; }
function wp_json_encode($value) { return json_encode($value); }
function is_wp_error($answer) { return $answer === false; }
function wp_remote_retrieve_body($answer) { return $answer; }
function wp_remote_request($url, $request) {
    $headers = array_map(fn($name) => "$name: {$request['headers'][$name]}", array_keys($request['headers']));
    $http = ['method' => $request['method'], 'header' => $headers, 'content' => $request['body'] ?? '', 'ignore_errors' => true];
    return file_get_contents($url, false, stream_context_create(['http' => $http]));
}

$secret = base64_encode(random_bytes(24));
WC_Payment_Gateway::$options = [
    'base_url' => $api, 'client_id' => 'cli_demo', 'client_secret' => 'demo-secret', 'webhook_secret' => "whsec_$secret",
];
require $plugin;
$gateway = new Malipo_Gateway();
$first = $gateway->process_payment(77);
$again = $gateway->process_payment(77);

$body = '{"type":"checkout.succeeded"}';
$time = (string) time();
$sign = fn($key) => 'v1,' . base64_encode(hash_hmac('sha256', "evt_1.$time.$body", $key, true));
$headers = fn($signature) => [
    'HTTP_WEBHOOK_ID' => 'evt_1', 'HTTP_WEBHOOK_TIMESTAMP' => $time, 'HTTP_WEBHOOK_SIGNATURE' => $signature,
];
$good = $sign(base64_decode($secret));
$gateway->returned(77);
echo json_encode([
    'redirect' => $first['redirect'],
    'same' => $first === $again,
    'paid' => $order->paid,
    'signed' => $gateway->signed($body, $headers("v1,other $good")),
    'forged' => $gateway->signed($body, $headers($sign('another key'))),
    'altered' => $gateway->signed("$body ", $headers($good)),
    'old' => $gateway->signed($body, ['HTTP_WEBHOOK_TIMESTAMP' => (string) ($time - 301)] + $headers($good)),
]);
