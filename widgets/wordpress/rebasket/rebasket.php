<?php
/**
 * Plugin Name: Rebasket for WooCommerce
 * Description: Reports carts and orders to Rebasket, which wins abandoned carts back by mail, and restores them when the shopper returns.
 * Version: 1.0.0
 * Requires at least: 6.4
 * Requires PHP: 7.4
 * Requires Plugins: woocommerce
 * WC requires at least: 9.0
 * WC tested up to: 10.9
 * Author: Rebasket
 * License: GPL-2.0-or-later
 * License URI: https://www.gnu.org/licenses/gpl-2.0.html
 * Text Domain: rebasket
 * Domain Path: /languages
 *
 * @package Rebasket
 */

defined( 'ABSPATH' ) || exit;

define( 'REBASKET_VERSION', '1.0.0' );
define( 'REBASKET_FILE', __FILE__ );
define( 'REBASKET_DIR', __DIR__ );

spl_autoload_register(
	static function ( $name ) {
		if ( 0 !== strpos( $name, 'Rebasket\\' ) ) {
			return;
		}
		$file = 'class-' . strtolower( str_replace( '_', '-', substr( $name, 9 ) ) ) . '.php';
		if ( is_readable( REBASKET_DIR . '/includes/' . $file ) ) {
			require REBASKET_DIR . '/includes/' . $file;
		}
	}
);

register_activation_hook( __FILE__, array( 'Rebasket\\Lifecycle', 'activate' ) );
register_deactivation_hook( __FILE__, array( 'Rebasket\\Lifecycle', 'deactivate' ) );

add_action( 'before_woocommerce_init', array( 'Rebasket\\Lifecycle', 'declare_compatibility' ) );
add_action( 'plugins_loaded', array( 'Rebasket\\Plugin', 'boot' ) );
