<?php
/**
 * Whether a restored cart's page was seen by a person.
 *
 * @package Rebasket
 */

namespace Rebasket;

defined( 'ABSPATH' ) || exit;

/**
 * Report a followed link when the page it led to has run its script in a visible tab. Mail
 * scanners fetch every link; the bare GET says nothing.
 */
final class Landing {

	const ENDPOINT = 'rebasket_landed';

	/**
	 * Begins with "woocommerce", so that WooCommerce binds it to the guest's own session.
	 */
	const NONCE = 'woocommerce-rebasket-landed';

	/**
	 * Where news goes.
	 *
	 * @var Outbox
	 */
	private $outbox;

	/**
	 * Take the outbox.
	 *
	 * @param Outbox $outbox Where news goes.
	 */
	public function __construct( Outbox $outbox ) {
		$this->outbox = $outbox;
	}

	/**
	 * Listen.
	 */
	public function hook(): void {
		add_action( 'wp_enqueue_scripts', array( $this, 'enqueue' ), 20, 0 );
		add_action( 'wc_ajax_' . self::ENDPOINT, array( $this, 'answer' ), 10, 0 );
	}

	/**
	 * Put the script on the page, once per followed link.
	 */
	public function enqueue(): void {
		if ( '' === Cart_State::text( 'landing' ) ) {
			return;
		}
		Asset::script(
			'rebasket-landed',
			'landed.js',
			array(
				'url'   => \WC_AJAX::get_endpoint( self::ENDPOINT ),
				'nonce' => wp_create_nonce( self::NONCE ),
			)
		);
	}

	/**
	 * Take the page's word, once.
	 */
	public function answer(): void {
		if ( ! check_ajax_referer( self::NONCE, 'nonce', false ) ) {
			wp_send_json( array( 'ok' => false ), 403 );
		}
		$this->report();
		wp_send_json( array( 'ok' => true ) );
	}

	/**
	 * Report the link that this session came back through, if it was not yet.
	 */
	public function report(): void {
		$click = Cart_State::text( 'landing' );
		if ( '' === $click ) {
			return;
		}
		Cart_State::put(
			array(
				'landing' => null,
				'held'    => null,
			)
		);
		$this->outbox->add(
			'link.followed',
			'click:' . substr( $click, 0, 58 ),
			array(
				'click_ref' => $click,
				'cart_id'   => Cart_State::cart_id(),
			)
		);
	}
}
