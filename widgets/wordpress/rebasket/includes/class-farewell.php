<?php
/**
 * The last news to the app.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Say that the plugin stops.
 */
final class Farewell {

	/**
	 * Send plugin.stopped at once, without the outbox: nothing runs here afterwards.
	 *
	 * @param Connection $connection The connection that ends.
	 */
	public static function say( Connection $connection ): void {
		if ( ! $connection->is_active() ) {
			return;
		}
		$body = Outbox::envelope( 'plugin.stopped', 1, new \stdClass() );
		( new Wire( $connection ) )->post( (string) wp_json_encode( $body ), 3 );
	}
}
