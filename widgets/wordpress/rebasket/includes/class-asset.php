<?php
/**
 * The plugin's own script files.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Put a script on the page, deferred, its settings in a data attribute of its own tag: no inline
 * script, so a strict content security policy holds.
 */
final class Asset {

	/**
	 * Settings by handle.
	 *
	 * @var array<string,array<string,mixed>>
	 */
	private static $settings = array();

	/**
	 * Make a script known.
	 *
	 * @param string              $handle       WordPress's handle.
	 * @param string              $file         Under assets/.
	 * @param array<string,mixed> $settings     For the script.
	 * @param string[]            $dependencies Handles it needs.
	 * @param bool                $deferred     Whether it may run after the page.
	 */
	public static function register( string $handle, string $file, array $settings, array $dependencies = array(), bool $deferred = true ): void {
		if ( array() === self::$settings ) {
			add_filter( 'script_loader_tag', array( self::class, 'with_settings' ), 10, 2 );
		}
		self::$settings[ $handle ] = $settings;
		$loading                   = array( 'in_footer' => true );
		if ( $deferred ) {
			$loading['strategy'] = 'defer';
		}
		wp_register_script( $handle, plugins_url( 'assets/' . $file, REBASKET_FILE ), $dependencies, REBASKET_VERSION, $loading );
	}

	/**
	 * Put a script on the page.
	 *
	 * @param string              $handle   WordPress's handle.
	 * @param string              $file     Under assets/.
	 * @param array<string,mixed> $settings For the script.
	 */
	public static function script( string $handle, string $file, array $settings ): void {
		self::register( $handle, $file, $settings );
		wp_enqueue_script( $handle );
	}

	/**
	 * Write a script's settings into its tag.
	 *
	 * @param string $tag    The tag.
	 * @param string $handle WordPress's handle.
	 */
	public static function with_settings( $tag, $handle ) {
		if ( ! isset( self::$settings[ $handle ] ) ) {
			return $tag;
		}
		$attribute = ' data-settings="' . esc_attr( (string) wp_json_encode( self::$settings[ $handle ] ) ) . '" src=';
		return preg_replace( '/ src=/', str_replace( array( '\\', '$' ), array( '\\\\', '\\$' ), $attribute ), $tag, 1 );
	}
}
