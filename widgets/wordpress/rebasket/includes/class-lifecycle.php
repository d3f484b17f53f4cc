<?php
/**
 * What happens when the plugin is switched on, off, or brought up to date.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Make the tables and the recurring event, and take leave properly.
 */
final class Lifecycle {

	const TABLES_OPTION = 'rebasket_tables';

	/**
	 * Make what the plugin needs to run.
	 */
	public static function activate(): void {
		Outbox::install();
		update_option( self::TABLES_OPTION, Outbox::TABLES_VERSION, true );
		Sender::schedule_sweep();
	}

	/**
	 * Tell the app that nothing will come from here any more, and stop the clocks.
	 */
	public static function deactivate(): void {
		Farewell::say( new Connection() );
		Sender::unschedule();
	}

	/**
	 * Bring the tables up to date where activation never ran (a new site of a network, an update).
	 */
	public static function keep_current(): void {
		if ( Outbox::TABLES_VERSION !== (string) get_option( self::TABLES_OPTION, '' ) ) {
			self::activate();
		}
	}

	/**
	 * Declare that orders are only touched through WooCommerce's own functions, and that the
	 * cart and checkout blocks are supported.
	 */
	public static function declare_compatibility(): void {
		if ( ! class_exists( '\Automattic\WooCommerce\Utilities\FeaturesUtil' ) ) {
			return;
		}
		foreach ( array( 'custom_order_tables', 'cart_checkout_blocks' ) as $feature ) {
			\Automattic\WooCommerce\Utilities\FeaturesUtil::declare_compatibility( $feature, REBASKET_FILE, true );
		}
	}
}
