<?php
/**
 * A WordPress and a WooCommerce just large enough to run the plugin's handlers: hooks, options,
 * user meta and the session, all in memory.
 */

define( 'ABSPATH', __DIR__ . '/' );
define( 'DAY_IN_SECONDS', 86400 );
define( 'ARRAY_A', 'ARRAY_A' );
define( 'REBASKET_VERSION', '1.0.0' );
define( 'REBASKET_FILE', dirname( __DIR__, 2 ) . '/widgets/wordpress/rebasket/rebasket.php' );
define( 'REBASKET_DIR', dirname( REBASKET_FILE ) );

/** Everything that a test may look at or set. */
final class Lab {
	/** @var array<string,mixed> */ public static $options = array();
	/** @var array<int,array<string,mixed>> */ public static $user_meta = array();
	/** @var array<string,array<string,mixed>> */ public static $sessions = array();
	/** @var array<string,array<int,array<int,array{0:callable,1:int}>>> */ public static $hooks = array();
	/** @var array<string,int> */ public static $did = array();
	/** @var string[] */ public static $notices = array();
	/** @var array<int,WC_Order> */ public static $orders = array();
	/** @var array<int,WC_Product> */ public static $products = array();
	/** @var array<string,int> */ public static $scheduled = array();
	/** @var int[] */ public static $answers = array();
	/** @var array<int,array<string,mixed>> */ public static $posts = array();
	/** @var string */ public static $session_id = 't_none';
	/** @var int */ public static $user = 0;
	/** @var string */ public static $page = '';
	/** @var int */ public static $now = 1795000000;

	public static function reset(): void {
		self::$options = self::$user_meta = self::$sessions = self::$hooks = self::$did = self::$notices = array();
		self::$orders  = self::$products = self::$scheduled = self::$answers = self::$posts = array();
		self::$session_id = 't_none';
		self::$user       = 0;
		self::$page       = '';
		self::$now        = 1795000000;
		WC()->cart        = new WC_Cart();
	}
}

class WC_Product {
	/** @var array<string,mixed> */ private $facts;
	public function __construct( int $id, array $facts = array() ) {
		$this->facts = $facts + array( 'id' => $id, 'name' => 'Product ' . $id, 'status' => 'publish', 'purchasable' => true, 'in_stock' => true, 'most' => -1 );
	}
	public function get_title() { return $this->facts['name']; }
	public function get_name() { return $this->facts['name']; }
	public function get_sku() { return 'SKU' . $this->facts['id']; }
	public function get_image_id() { return 0; }
	public function get_permalink( $item = null ) { return 'https://shop.example/?p=' . $this->facts['id']; }
	public function get_status() { return $this->facts['status']; }
	public function is_purchasable() { return $this->facts['purchasable']; }
	public function is_in_stock() { return $this->facts['in_stock']; }
	public function get_max_purchase_quantity() { return $this->facts['most']; }
	public function get_variation_attributes() { return array( 'attribute_size' => '42' ); }
}

class WC_Order {
	/** @var array<string,string> */ public $meta = array();
	/** @var int */ public $id;
	/** @var string */ public $status = 'pending';
	public function __construct( int $id ) { $this->id = $id; }
	public function get_id() { return $this->id; }
	public function get_type() { return 'shop_order'; }
	public function get_status() { return $this->status; }
	public function update_meta_data( $key, $value ) { $this->meta[ $key ] = $value; }
	public function get_meta( $key ) { return $this->meta[ $key ] ?? ''; }
	public function save_meta_data() {}
}

class WC_REST_Orders_Controller {
	public function prepare_object_for_response( $order, $request ) {
		return new class( array( 'id' => $order->get_id(), 'status' => $order->get_status() ) ) {
			private $data;
			public function __construct( array $data ) { $this->data = $data; }
			public function get_data() { return $this->data; }
		};
	}
}

class WP_REST_Request {
	public function __construct( $method = '', $route = '' ) {}
	public function set_param( $key, $value ) {}
}

/** A cart whose lines a test sets as [product id, variation id, quantity]. */
class WC_Cart {
	/** @var array<string,array<string,mixed>> */ private $items = array();
	/** @var string[] */ public $coupons = array();
	public function fill( array $lines ): void {
		$this->items = array();
		foreach ( $lines as $line ) { $this->add_to_cart( $line[0], $line[2], $line[1] ); }
	}
	public function add_to_cart( $product_id, $quantity = 1, $variation_id = 0, $variation = array() ) {
		$key = md5( $product_id . '-' . $variation_id );
		$this->items[ $key ] = array( 'product_id' => $product_id, 'variation_id' => $variation_id, 'quantity' => $quantity, 'variation' => $variation, 'line_total' => 10.0 * $quantity, 'line_tax' => 2.5 * $quantity, 'data' => new WC_Product( $variation_id ? $variation_id : $product_id ) );
		return $key;
	}
	public function set_quantity( $key, $quantity ) {
		$item = $this->items[ $key ];
		$this->add_to_cart( $item['product_id'], $quantity, $item['variation_id'], $item['variation'] );
	}
	public function get_cart() { return $this->items; }
	public function get_cart_item( $key ) { return $this->items[ $key ]; }
	public function is_empty() { return array() === $this->items; }
	public function get_applied_coupons() { return $this->coupons; }
	public function get_total( $context = 'view' ) { return (string) ( 12.5 * array_sum( array_column( $this->items, 'quantity' ) ) ); }
	/** @return array<int,int[]> */
	public function lines(): array {
		return array_map( static function ( $item ) { return array( $item['product_id'], $item['variation_id'], $item['quantity'] ); }, array_values( $this->items ) );
	}
}

class Lab_Session {
	public function get( $key, $default = null ) { return Lab::$sessions[ Lab::$session_id ][ $key ] ?? $default; }
	public function set( $key, $value ) { Lab::$sessions[ Lab::$session_id ][ $key ] = $value; }
	public function get_customer_id() { return Lab::$session_id; }
	public function set_customer_session_cookie( $set ) {}
}

class Lab_Countries {
	public function get_countries() { return array_fill_keys( array( 'DE', 'SE', 'US', 'NO' ), 'x' ); }
}

final class Lab_WooCommerce {
	public $cart;
	public $session;
	public $countries;
	public function __construct() {
		$this->cart      = new WC_Cart();
		$this->session   = new Lab_Session();
		$this->countries = new Lab_Countries();
	}
}

function WC() {
	static $instance = null;
	return $instance = $instance ? $instance : new Lab_WooCommerce();
}

function add_action( $hook, $callback, $priority = 10, $count = 1 ) { Lab::$hooks[ $hook ][ $priority ][] = array( $callback, $count ); return true; }
function add_filter( $hook, $callback, $priority = 10, $count = 1 ) { return add_action( $hook, $callback, $priority, $count ); }
function do_action( $hook, ...$args ) {
	Lab::$did[ $hook ] = ( Lab::$did[ $hook ] ?? 0 ) + 1;
	$callbacks         = Lab::$hooks[ $hook ] ?? array();
	ksort( $callbacks );
	foreach ( $callbacks as $list ) {
		foreach ( $list as list( $callback, $count ) ) { $callback( ...array_slice( $args, 0, $count ) ); }
	}
}
function apply_filters( $hook, $value, ...$args ) {
	$callbacks = Lab::$hooks[ $hook ] ?? array();
	ksort( $callbacks );
	foreach ( $callbacks as $list ) {
		foreach ( $list as list( $callback, $count ) ) { $value = $callback( ...array_slice( array_merge( array( $value ), $args ), 0, $count ) ); }
	}
	return $value;
}
function did_action( $hook ) { return Lab::$did[ $hook ] ?? 0; }

function get_option( $key, $default = false ) { return Lab::$options[ $key ] ?? $default; }
function update_option( $key, $value, $autoload = null ) { Lab::$options[ $key ] = $value; return true; }
function delete_option( $key ) { unset( Lab::$options[ $key ] ); return true; }
function get_user_meta( $user, $key, $single = false ) { return Lab::$user_meta[ $user ][ $key ] ?? ''; }
function update_user_meta( $user, $key, $value ) { Lab::$user_meta[ $user ][ $key ] = $value; }
function delete_user_meta( $user, $key ) { unset( Lab::$user_meta[ $user ][ $key ] ); }
function get_current_user_id() { return Lab::$user; }
function wp_get_current_user() {
	return (object) array( 'ID' => Lab::$user, 'user_email' => Lab::$user ? 'user' . Lab::$user . '@shop.example' : '', 'first_name' => Lab::$user ? 'Ada' : '', 'last_name' => '' );
}
function get_locale() { return 'sv_SE'; }
function is_email( $text ) { return filter_var( $text, FILTER_VALIDATE_EMAIL ); }
function sanitize_email( $text ) { return trim( $text ); }
function wp_strip_all_tags( $text ) { return strip_tags( $text ); }
function wp_json_encode( $value ) { return json_encode( $value ); }
function wp_generate_uuid4() {
	$hex = bin2hex( random_bytes( 16 ) );
	return substr( $hex, 0, 8 ) . '-' . substr( $hex, 8, 4 ) . '-4' . substr( $hex, 13, 3 ) . '-a' . substr( $hex, 17, 3 ) . '-' . substr( $hex, 20 );
}
function untrailingslashit( $text ) { return rtrim( $text, '/' ); }
function wp_parse_url( $url ) { return parse_url( $url ); }
function esc_url_raw( $url ) { return $url; }
function esc_html( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function esc_attr( $text ) { return htmlspecialchars( $text, ENT_QUOTES ); }
function home_url( $path = '' ) { return 'https://shop.example' . $path; }
function __( $text, $domain = 'default' ) { return $text; }

function wc_get_price_decimals() { return 2; }
function get_woocommerce_currency() { return 'EUR'; }
function wc_attribute_label( $name ) { return ucfirst( $name ); }
function taxonomy_exists( $name ) { return false; }
function wc_get_order( $id ) { return Lab::$orders[ $id ] ?? false; }
function wc_get_product( $id ) { return Lab::$products[ $id ] ?? false; }
function wc_add_notice( $text, $type = 'success' ) { Lab::$notices[] = $text; }
function wc_get_notices() { return Lab::$notices; }
function wc_set_notices( $notices ) { Lab::$notices = $notices; }
function is_checkout() { return 'checkout' === Lab::$page || 'thank-you' === Lab::$page; }
function is_order_received_page() { return 'thank-you' === Lab::$page; }
function is_checkout_pay_page() { return false; }

function wp_next_scheduled( $hook ) { return Lab::$scheduled[ $hook ] ?? false; }
function wp_schedule_single_event( $at, $hook ) { Lab::$scheduled[ $hook ] = $at; }
function wp_doing_cron() { return false; }
function is_wp_error( $thing ) { return null === $thing; }
function wp_remote_post( $url, $args ) {
	Lab::$posts[] = array( 'url' => $url ) + $args;
	$code         = array_shift( Lab::$answers );
	return 0 === $code ? null : array( 'code' => null === $code ? 200 : $code );
}
function wp_remote_retrieve_response_code( $answer ) { return $answer['code']; }

spl_autoload_register(
	static function ( $name ) {
		if ( 0 === strpos( $name, 'Rebasket\\' ) ) {
			require REBASKET_DIR . '/includes/class-' . strtolower( str_replace( '_', '-', substr( $name, 9 ) ) ) . '.php';
		}
	}
);
