<?php
/**
 * Our script in WooCommerce's checkout block.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Name the script that the checkout block loads.
 */
final class Block_Integration implements \Automattic\WooCommerce\Blocks\Integrations\IntegrationInterface {

	/**
	 * The script's handle.
	 *
	 * @var string
	 */
	private $handle;

	/**
	 * Take the handle.
	 *
	 * @param string $handle Of a registered script.
	 */
	public function __construct( string $handle ) {
		$this->handle = $handle;
	}

	/**
	 * The integration's name.
	 */
	public function get_name() {
		return 'rebasket';
	}

	/**
	 * Nothing to prepare: the script is registered already.
	 */
	public function initialize() {
	}

	/**
	 * Scripts for the checkout page.
	 *
	 * @return string[]
	 */
	public function get_script_handles() {
		return array( $this->handle );
	}

	/**
	 * Scripts for the block editor: none.
	 *
	 * @return string[]
	 */
	public function get_editor_script_handles() {
		return array();
	}

	/**
	 * Settings through WooCommerce: none, they stand in the script's own tag.
	 *
	 * @return array<string,mixed>
	 */
	public function get_script_data() {
		return array();
	}
}
