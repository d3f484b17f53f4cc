<?php
/**
 * Bringing a cart back by a mailed link.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Put the lines of a signed link into the visitor's own cart. It fills in nothing personal, logs
 * nobody in and takes nothing out of the cart.
 */
final class Restore {

	const PARAMETER = 'rebasket-restore';
	const MOST      = 100;

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * Take the connection.
	 *
	 * @param Connection $connection Whose secret signs the links.
	 */
	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	/**
	 * Listen, once WooCommerce has loaded the cart (wp_loaded, 10).
	 */
	public function hook(): void {
		add_action( 'wp_loaded', array( $this, 'follow' ), 30, 0 );
	}

	/**
	 * Follow a link, if this request is one.
	 */
	public function follow(): void {
		if ( ! isset( $_GET[ self::PARAMETER ] ) || is_admin() || ! Cart_State::is_available() || ! isset( WC()->cart ) ) { // phpcs:ignore WordPress.Security.NonceVerification
			return;
		}
		$raw = $_GET[ self::PARAMETER ]; // phpcs:ignore WordPress.Security
		$this->restore( is_string( $raw ) ? $raw : '' );
		nocache_headers();
		$this->leave( add_query_arg( self::campaign(), wc_get_cart_url() ) );
	}

	/**
	 * Merge a link's lines into the cart and say how it went.
	 *
	 * @param string $signed payload.signature.
	 */
	public function restore( string $signed ): void {
		WC()->session->set_customer_session_cookie( true );
		$link = self::open( $signed, $this->connection->text( 'secret' ), time() );
		if ( null === $link ) {
			wc_add_notice( __( 'This link has expired. Your cart is as you left it here.', 'rebasket' ), 'notice' );
			return;
		}
		$was_empty = WC()->cart->is_empty();
		$short     = ( new Merge( WC()->cart ) )->lines( $link['l'] );
		if ( ! WC()->cart->is_empty() ) {
			Cart_State::ensure_cart_id();
		}
		Cart_State::put(
			array(
				'click_ref' => $link['c'],
				'landing'   => $link['c'],
				'held'      => $was_empty ? true : null,
			)
		);
		self::say( $short );
	}

	/**
	 * Say what could not be put back.
	 *
	 * @param array{gone:string[],fewer:string[]} $short Names of products.
	 */
	private static function say( array $short ): void {
		foreach ( $short['gone'] as $name ) {
			/* translators: %s: a product's name */
			wc_add_notice( '' === $name ? __( 'One product of your cart is no longer available.', 'rebasket' ) : sprintf( __( '%s is no longer available.', 'rebasket' ), esc_html( $name ) ), 'notice' );
		}
		foreach ( $short['fewer'] as $name ) {
			/* translators: %s: a product's name */
			wc_add_notice( sprintf( __( 'There are fewer of %s left; your cart holds what there is.', 'rebasket' ), esc_html( $name ) ), 'notice' );
		}
	}

	/**
	 * Open a signed link.
	 *
	 * @param string $signed payload.signature.
	 * @param string $secret The connection's secret.
	 * @param int    $now    Unix seconds.
	 * @return array{c:string,l:int[][]}|null Null when it is forged, damaged or expired.
	 */
	public static function open( string $signed, string $secret, int $now ): ?array {
		if ( '' === $secret || ! preg_match( '/\A([A-Za-z0-9_-]{1,8000})\.([0-9a-f]{64})\z/', $signed, $parts ) ) {
			return null;
		}
		if ( ! hash_equals( hash_hmac( 'sha256', $parts[1], $secret ), $parts[2] ) ) {
			return null;
		}
		$link = json_decode( (string) base64_decode( strtr( $parts[1], '-_', '+/' ), true ), true, 8 ); // phpcs:ignore WordPress.PHP.DiscouragedPHPFunctions
		if ( ! is_array( $link ) || 1 !== ( $link['v'] ?? 0 ) || ! is_int( $link['e'] ?? null ) || $link['e'] < $now ) {
			return null;
		}
		if ( ! is_string( $link['c'] ?? null ) || ! preg_match( '/\A[A-Za-z0-9_-]{0,64}\z/', $link['c'] ) || ! is_array( $link['l'] ?? null ) ) {
			return null;
		}
		$lines = array();
		foreach ( array_slice( $link['l'], 0, self::MOST ) as $line ) {
			if ( is_array( $line ) && 3 === count( array_filter( $line, 'is_int' ) ) ) {
				$lines[] = array_values( $line );
			}
		}
		return array(
			'c' => $link['c'],
			'l' => $lines,
		);
	}

	/**
	 * The campaign tags of the link, for WooCommerce's order attribution.
	 *
	 * @return array<string,string>
	 */
	private static function campaign(): array {
		$tags = array();
		foreach ( array( 'utm_source', 'utm_medium', 'utm_campaign', 'utm_content', 'utm_term', 'utm_id' ) as $name ) {
			if ( isset( $_GET[ $name ] ) && is_string( $_GET[ $name ] ) ) { // phpcs:ignore WordPress.Security.NonceVerification
				$tags[ $name ] = rawurlencode( substr( sanitize_text_field( wp_unslash( $_GET[ $name ] ) ), 0, 200 ) ); // phpcs:ignore WordPress.Security.NonceVerification
			}
		}
		return $tags;
	}

	/**
	 * Send the visitor on.
	 *
	 * @param string $url The cart page.
	 */
	private function leave( string $url ): void {
		wp_safe_redirect( $url, 302, 'Rebasket' );
		exit;
	}
}
