<?php
/**
 * Where the app lives.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Know the app's address: given by the site's configuration, by the zip, or typed by the merchant.
 */
final class App_Address {

	const OPTION = 'rebasket_app_url';

	/**
	 * Written by the app when it hands out the zip; not a secret.
	 */
	const FROM_ZIP = '';

	/**
	 * The app's base address without a slash at the end, empty while nobody named one.
	 */
	public static function url(): string {
		$url = defined( 'REBASKET_APP_URL' ) ? (string) constant( 'REBASKET_APP_URL' ) : (string) get_option( self::OPTION, '' );
		return self::clean( '' === $url ? self::FROM_ZIP : $url );
	}

	/**
	 * Keep the address that a connection came from, unless one was named before.
	 *
	 * @param string $url The app's base address.
	 */
	public static function learn( string $url ): void {
		if ( '' === self::url() ) {
			self::keep( $url );
		}
	}

	/**
	 * Keep an address.
	 *
	 * @param string $url As typed.
	 * @return bool Whether it is one.
	 */
	public static function keep( string $url ): bool {
		$url = self::clean( $url );
		if ( '' === $url ) {
			return false;
		}
		update_option( self::OPTION, $url, false );
		return true;
	}

	/**
	 * The address of the page that connects this store.
	 *
	 * @param string $email  The merchant's.
	 * @param string $return The plugin's page, to come back to.
	 */
	public static function connect_url( string $email, string $return ): string {
		return self::url() . '/install/woocommerce/start?' . http_build_query(
			array(
				'store'  => home_url( '/' ),
				'email'  => $email,
				'plugin' => REBASKET_VERSION,
				'return' => $return,
			),
			'',
			'&',
			PHP_QUERY_RFC3986
		);
	}

	/**
	 * An address as it may be used, empty when it is none.
	 *
	 * @param string $url As typed.
	 */
	private static function clean( string $url ): string {
		$url   = untrailingslashit( trim( $url ) );
		$parts = wp_parse_url( $url );
		$plain = is_array( $parts ) && ! empty( $parts['host'] ) && in_array( $parts['scheme'] ?? '', array( 'http', 'https' ), true )
			&& ! isset( $parts['user'] ) && ! isset( $parts['query'] ) && ! isset( $parts['fragment'] );
		return $plain ? esc_url_raw( $url ) : '';
	}
}
