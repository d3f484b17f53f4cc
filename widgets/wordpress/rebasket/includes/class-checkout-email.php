<?php
/**
 * The e-mail address that a shopper leaves at checkout.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Take the address once its field was left, where the notice beside it allows that. Whatever else
 * WooCommerce's session holds of the form is not read.
 */
final class Checkout_Email {

	const ENDPOINT = 'rebasket_email';
	const NONCE    = 'woocommerce-rebasket-email';

	/**
	 * Different addresses that one cart may name: a person corrects a few, a robot tries many.
	 */
	const MOST = 5;

	/**
	 * The connection.
	 *
	 * @var Connection
	 */
	private $connection;

	/**
	 * Take the connection.
	 *
	 * @param Connection $connection Which carries the consent wording.
	 */
	public function __construct( Connection $connection ) {
		$this->connection = $connection;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		add_action( 'wc_ajax_' . self::ENDPOINT, array( $this, 'answer' ), 10, 0 );
	}

	/**
	 * Take what the checkout's script posts.
	 */
	public function answer(): void {
		if ( ! check_ajax_referer( self::NONCE, 'nonce', false ) ) {
			wp_send_json( array( 'ok' => false ), 403 );
		}
		$this->take(
			self::posted( 'email' ),
			self::posted( 'version' ),
			self::posted( 'country' ),
			'1' === self::posted( 'ticked' )
		);
		wp_send_json( array( 'ok' => true ) );
	}

	/**
	 * Remember the address where it is allowed; otherwise forget what was remembered. The report
	 * at the end of the request does the rest.
	 *
	 * @param string $email   As typed.
	 * @param string $version Version of the notice that stood beside the field.
	 * @param string $country The country in the form, empty when nobody entered one.
	 * @param bool   $ticked  Whether the box was ticked.
	 */
	public function take( string $email, string $version, string $country, bool $ticked ): void {
		if ( '' === Cart_State::cart_id() ) {
			return;
		}
		$consent = $this->connection->consent();
		$country = isset( WC()->countries->get_countries()[ $country ] ) ? $country : '';
		$email   = (string) sanitize_email( $email );
		$allowed = is_email( $email ) && $consent->allows( $version, $country, $ticked );
		$before  = Cart_State::all();
		$named   = $before['named'] ?? array();
		if ( $allowed && ! in_array( md5( $email ), $named, true ) ) {
			$named[] = md5( $email );
			$allowed = count( $named ) <= self::MOST;
		}
		$now     = $consent->evidence( $country, $ticked, Outbox::moment() );
		if ( ! $consent->knows( $version ) ) {
			$now = null; // Another wording stood there: it proves nothing.
		} elseif ( isset( $before['consent'] ) && $before['consent']['given'] === $now['given'] && $before['consent']['version'] === $now['version'] ) {
			$now = $before['consent']; // The first moment counts.
		}
		Cart_State::put(
			array(
				'stage'   => 'checkout',
				'email'   => $allowed ? $email : null,
				'consent' => $allowed || isset( $before['email'] ) ? $now : null,
				'country' => '' === $country ? null : $country,
				'named'   => array() === $named ? null : array_slice( $named, 0, self::MOST ),
			)
		);
	}

	/**
	 * One posted text.
	 *
	 * @param string $key Its name.
	 */
	private static function posted( string $key ): string {
		return isset( $_POST[ $key ] ) && is_string( $_POST[ $key ] ) ? substr( sanitize_text_field( wp_unslash( $_POST[ $key ] ) ), 0, 254 ) : ''; // phpcs:ignore WordPress.Security.NonceVerification
	}
}
