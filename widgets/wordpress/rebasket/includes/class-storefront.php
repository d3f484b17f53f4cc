<?php
/**
 * What the storefront script gets from us.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Load the app's script on the storefront and tell it the cart's id through the Store API.
 */
final class Storefront {

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * Take the connection.
	 *
	 * @param Connection $connection Which names the script.
	 */
	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ), 20, 0 );
		add_action( 'woocommerce_blocks_loaded', array( $this, 'extend_store_api' ), 10, 0 );
		if ( did_action( 'woocommerce_blocks_loaded' ) ) {
			$this->extend_store_api();
		}
	}

	/**
	 * Put the app's script on the page; never where a payment is entered.
	 */
	public function enqueue(): void {
		/**
		 * Filters whether the storefront script is loaded on this page.
		 *
		 * @param bool $wanted True on all pages but those where a payment is entered.
		 */
		if ( ! apply_filters( 'rebasket_load_storefront_script', ! is_checkout() || is_order_received_page() ) ) {
			return;
		}
		wp_enqueue_script( // phpcs:ignore WordPress.WP.EnqueuedResourceParameters
			'rebasket',
			$this->connection->text( 'script_url' ),
			array(),
			null,
			array(
				'strategy'  => 'defer',
				'in_footer' => true,
			)
		);
	}

	/**
	 * Add extensions.rebasket.cart_id to the Store API's cart.
	 */
	public function extend_store_api(): void {
		if ( ! function_exists( 'woocommerce_store_api_register_endpoint_data' ) ) {
			return;
		}
		woocommerce_store_api_register_endpoint_data(
			array(
				'endpoint'        => 'cart',
				'namespace'       => 'rebasket',
				'data_callback'   => array( self::class, 'store_api_data' ),
				'schema_callback' => array( self::class, 'store_api_schema' ),
				'schema_type'     => ARRAY_A,
			)
		);
	}

	/**
	 * The cart's id, empty while the cart never had a line.
	 *
	 * @return array{cart_id:string}
	 */
	public static function store_api_data(): array {
		$filled = isset( WC()->cart ) && ! WC()->cart->is_empty();
		return array( 'cart_id' => $filled ? Cart_State::ensure_cart_id() : Cart_State::cart_id() );
	}

	/**
	 * What the Store API says about it.
	 *
	 * @return array<string,array<string,mixed>>
	 */
	public static function store_api_schema(): array {
		return array(
			'cart_id' => array(
				'description' => 'The id of the cart at Rebasket.',
				'type'        => 'string',
				'context'     => array( 'view' ),
				'readonly'    => true,
			),
		);
	}
}
