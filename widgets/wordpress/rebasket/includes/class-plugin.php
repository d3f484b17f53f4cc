<?php
/**
 * The parts, put together.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Start every part of the plugin.
 */
final class Plugin {

	/**
	 * Wire the parts to WordPress; does nothing where WooCommerce is missing.
	 */
	public static function boot(): void {
		if ( ! class_exists( 'WooCommerce' ) ) {
			return;
		}
		$connection = new Connection();
		$outbox     = new Outbox();
		$own_mail   = new Own_Mail();
		$sender     = new Sender( $connection, $outbox, new Wire( $connection ), new Send_Lock() );

		add_action( 'init', array( self::class, 'load_translations' ) );
		add_action( 'admin_init', array( Lifecycle::class, 'keep_current' ) );
		$own_mail->hook();
		$sender->hook();
		( new Rest_Routes( $connection, $outbox, $sender, $own_mail ) )->hook();
		if ( is_admin() ) {
			( new Admin_Page( $connection, $outbox, $own_mail ) )->hook();
			( new Admin_Actions( $connection, $outbox, $sender, $own_mail ) )->hook();
		}
		if ( ! $connection->is_listening() ) {
			return;
		}
		self::start_watching( $connection, $outbox, $own_mail );
	}

	/**
	 * Start what watches the storefront of a shop whose connection stands.
	 *
	 * @param Connection $connection The connection.
	 * @param Outbox     $outbox     Where news goes.
	 * @param Own_Mail   $own_mail   Whether to step back.
	 */
	private static function start_watching( Connection $connection, Outbox $outbox, Own_Mail $own_mail ): void {
		( new Order_Reporter( $outbox ) )->hook();
		( new Restore( $connection ) )->hook();
		if ( $own_mail->stands_in_the_way() ) {
			return;
		}
		( new Cart_Reporter( $outbox ) )->hook();
		( new Storefront( $connection ) )->hook();
		( new Landing( $outbox ) )->hook();
		( new Checkout_Email( $connection ) )->hook();
		( new Checkout_Notice( $connection ) )->hook();
	}

	/**
	 * Load the translations that came with the plugin.
	 */
	public static function load_translations(): void {
		load_plugin_textdomain( 'rebasket', false, dirname( plugin_basename( REBASKET_FILE ) ) . '/languages' );
	}
}
