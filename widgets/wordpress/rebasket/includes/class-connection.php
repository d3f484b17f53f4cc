<?php
/**
 * The connection to the app: who we are there, and the secret we share.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Read and change the stored connection.
 */
final class Connection {

	const OPTION     = 'rebasket_connection';
	const DOUBT_DAYS = 7;

	/**
	 * The stored connection, empty when there is none.
	 *
	 * @var array<string,mixed>
	 */
	private $values;

	/**
	 * Load what is stored.
	 */
	public function __construct() {
		$this->reload();
	}

	/**
	 * Read the stored connection again.
	 */
	public function reload(): void {
		$stored       = get_option( self::OPTION, array() );
		$this->values = is_array( $stored ) ? $stored : array();
	}

	/**
	 * Whether the shop was ever connected and not disconnected since.
	 */
	public function is_connected(): bool {
		return '' !== $this->text( 'secret' );
	}

	/**
	 * Whether news may be sent: connected, and not refused by the app.
	 */
	public function is_active(): bool {
		return $this->is_connected() && ! $this->is_over();
	}

	/**
	 * Whether news is worth storing: a refusal may be a mistake that is put right within days, but
	 * a connection that is gone is gone.
	 */
	public function is_listening(): bool {
		$mistaken = 401 === $this->moment( 'over_status' ) && $this->moment( 'over_at' ) > time() - self::DOUBT_DAYS * DAY_IN_SECONDS;
		return $this->is_active() || ( $this->is_connected() && $mistaken );
	}

	/**
	 * Whether the app answered that this connection has ended.
	 */
	public function is_over(): bool {
		return ! empty( $this->values['over_at'] );
	}

	/**
	 * One stored text, empty when unknown: shop, secret, app_url, script_url.
	 *
	 * @param string $key Its name.
	 */
	public function text( string $key ): string {
		return isset( $this->values[ $key ] ) && is_string( $this->values[ $key ] ) ? $this->values[ $key ] : '';
	}

	/**
	 * One stored number (connected_at, over_at in unix seconds, over_status), 0 when there is none.
	 *
	 * @param string $key Its name.
	 */
	public function moment( string $key ): int {
		return isset( $this->values[ $key ] ) ? (int) $this->values[ $key ] : 0;
	}

	/**
	 * The merchant's consent settings.
	 */
	public function consent(): Consent {
		return new Consent( isset( $this->values['consent'] ) ? (array) $this->values['consent'] : array() );
	}

	/**
	 * Where news is posted.
	 */
	public function hook_url(): string {
		return $this->text( 'app_url' ) . '/hooks/woocommerce/' . rawurlencode( $this->text( 'shop' ) ) . '/plugin';
	}

	/**
	 * Keep a connection that the app has given.
	 *
	 * @param array<string,mixed> $given The body of the app's request.
	 * @return string What is wrong with it, empty when it was kept.
	 */
	public function keep( array $given ): string {
		$wrong = self::objection( $given );
		if ( '' !== $wrong ) {
			return $wrong;
		}
		$this->values = array(
			'shop'         => $given['shop'],
			'secret'       => $given['secret'],
			'app_url'      => untrailingslashit( $given['app_url'] ),
			'script_url'   => $given['script_url'],
			'consent'      => Consent::clean( (array) $given['consent'] ),
			'connected_at' => time(),
			'over_at'      => 0,
		);
		update_option( self::OPTION, $this->values, true );
		App_Address::learn( $given['app_url'] );
		return '';
	}

	/**
	 * Remember that the app refused the connection: news is kept, nothing is sent.
	 *
	 * @param int $status 401 (not accepted now) or 410 (gone for good).
	 */
	public function end( int $status ): void {
		$this->values['over_at']     = time();
		$this->values['over_status'] = $status;
		update_option( self::OPTION, $this->values, true );
	}

	/**
	 * Try once more: the app itself asked for news, by the shop's own keys.
	 */
	public function revive(): void {
		if ( $this->is_over() ) {
			$this->values['over_at'] = 0;
			update_option( self::OPTION, $this->values, true );
		}
	}

	/**
	 * Forget the connection and its secret.
	 */
	public function forget(): void {
		$this->values = array();
		delete_option( self::OPTION );
	}

	/**
	 * Say what is wrong with a given connection, empty when nothing is.
	 *
	 * @param array<string,mixed> $given The body of the app's request.
	 */
	private static function objection( array $given ): string {
		$patterns = array(
			'shop'       => '/\A[A-Za-z0-9_-]{22}\z/',
			'secret'     => '/\A[A-Za-z0-9_-]{43}\z/',
			'app_url'    => '#\Ahttps?://[^\s"<>]+\z#',
			'script_url' => '#\Ahttps?://[^\s"<>]+\z#',
		);
		foreach ( $patterns as $key => $pattern ) {
			if ( ! isset( $given[ $key ] ) || ! is_string( $given[ $key ] ) || ! preg_match( $pattern, $given[ $key ] ) ) {
				return $key;
			}
		}
		if ( 0 !== strpos( $given['script_url'], untrailingslashit( $given['app_url'] ) . '/' ) ) {
			return 'script_url';
		}
		if ( ! isset( $given['schema'] ) || 1 !== $given['schema'] ) {
			return 'schema';
		}
		return isset( $given['consent'] ) && is_array( $given['consent'] ) ? '' : 'consent';
	}
}
