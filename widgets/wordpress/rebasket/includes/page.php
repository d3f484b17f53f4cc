<?php
/**
 * The markup of the plugin's page.
 *
 * @package Rebasket
 *
 * @var array<string,mixed> $view What Admin_Page::show() found.
 */

defined( 'ABSPATH' ) || exit;

$rebasket_form = static function ( string $action ): void {
	echo '<form method="post" action="' . esc_url( admin_url( 'admin-post.php' ) ) . '">';
	echo '<input type="hidden" name="action" value="' . esc_attr( 'rebasket_' . $action ) . '">';
	wp_nonce_field( 'rebasket_' . $action );
};
?>
<div class="wrap rebasket">
	<h1><?php esc_html_e( 'Rebasket', 'rebasket' ); ?></h1>

	<?php if ( '' !== $view['said'] ) : ?>
		<p class="rebasket-said" role="status"><?php echo esc_html( $view['said'] ); ?></p>
	<?php endif; ?>

	<?php if ( 'none' === $view['state'] ) : ?>
		<p class="rebasket-state"><?php esc_html_e( 'Not connected', 'rebasket' ); ?></p>
		<p><?php esc_html_e( 'Rebasket writes to shoppers who left a full cart, brings them back to it, and shows what that earned. Connecting takes one click here and one on your shop’s own consent page.', 'rebasket' ); ?></p>
		<?php if ( '' !== $view['connect'] ) : ?>
			<p><a class="button button-primary button-hero" href="<?php echo esc_url( $view['connect'] ); ?>"><?php esc_html_e( 'Connect', 'rebasket' ); ?></a></p>
			<p class="description">
				<?php
				/* translators: %s: the app's address */
				echo esc_html( sprintf( __( 'Your shop’s address and your e-mail address go to %s. No cart is reported before you agree.', 'rebasket' ), $view['app_url'] ) );
				?>
			</p>
		<?php endif; ?>
	<?php elseif ( 'over' === $view['state'] ) : ?>
		<p class="rebasket-state rebasket-state-over"><?php esc_html_e( 'The connection has ended', 'rebasket' ); ?></p>
		<p>
			<?php
			/* translators: %s: date and time */
			echo esc_html( sprintf( __( 'Rebasket refused news from this shop on %s: the shop was disconnected there, or connected anew from elsewhere. Nothing is reported and no carts are recovered until you connect again.', 'rebasket' ), $view['over_at'] ) );
			?>
		</p>
		<?php if ( '' !== $view['connect'] ) : ?>
			<p><a class="button button-primary button-hero" href="<?php echo esc_url( $view['connect'] ); ?>"><?php esc_html_e( 'Connect again', 'rebasket' ); ?></a></p>
		<?php endif; ?>
	<?php else : ?>
		<p class="rebasket-state rebasket-state-on"><?php esc_html_e( 'Connected', 'rebasket' ); ?></p>
		<p>
			<?php
			/* translators: 1: the app's address, 2: date and time */
			echo esc_html( sprintf( __( 'Carts and orders are reported to %1$s since %2$s.', 'rebasket' ), $view['app'], $view['since'] ) );
			?>
		</p>
		<p><a class="button button-primary" href="<?php echo esc_url( $view['app'] ); ?>"><?php esc_html_e( 'Open Rebasket', 'rebasket' ); ?></a></p>
	<?php endif; ?>

	<?php if ( $view['standing']['waiting'] > 0 ) : ?>
		<h2><?php esc_html_e( 'Waiting to be sent', 'rebasket' ); ?></h2>
		<p>
			<?php
			/* translators: 1: number of reports, 2: how long, for example "5 mins" */
			echo esc_html( sprintf( _n( '%1$s report, for %2$s.', '%1$s reports, the oldest for %2$s.', $view['standing']['waiting'], 'rebasket' ), number_format_i18n( $view['standing']['waiting'] ), human_time_diff( (int) strtotime( $view['standing']['oldest_at'] ) ) ) );
			?>
			<?php esc_html_e( 'Nothing is lost: it is kept here until it was taken.', 'rebasket' ); ?>
		</p>
		<?php if ( 'on' === $view['state'] ) : ?>
			<?php $rebasket_form( 'send' ); ?>
				<button type="submit" class="button"><?php esc_html_e( 'Send now', 'rebasket' ); ?></button>
			</form>
		<?php endif; ?>
	<?php endif; ?>

	<?php if ( $view['own_mail'] ) : ?>
		<h2><?php esc_html_e( 'Who writes to shoppers?', 'rebasket' ); ?></h2>
		<p><?php esc_html_e( 'WooCommerce’s own cart mail is switched on. Shoppers should hear from one of the two only; until you choose Rebasket, it holds back and reports no carts.', 'rebasket' ); ?></p>
		<?php $rebasket_form( 'choose' ); ?>
			<p><label><input type="radio" name="choice" value="woocommerce" <?php checked( 'rebasket' !== $view['choice'] ); ?>> <?php esc_html_e( 'WooCommerce’s own mail', 'rebasket' ); ?></label></p>
			<p><label><input type="radio" name="choice" value="rebasket" <?php checked( 'rebasket', $view['choice'] ); ?>> <?php esc_html_e( 'Rebasket (WooCommerce’s mail is held back)', 'rebasket' ); ?></label></p>
			<button type="submit" class="button"><?php esc_html_e( 'Save', 'rebasket' ); ?></button>
		</form>
	<?php endif; ?>

	<?php if ( 'none' === $view['state'] && ! defined( 'REBASKET_APP_URL' ) ) : ?>
		<details class="rebasket-more" <?php echo '' === $view['app_url'] ? 'open' : ''; ?>>
			<summary><?php esc_html_e( 'Address of your Rebasket', 'rebasket' ); ?></summary>
			<?php $rebasket_form( 'address' ); ?>
				<p>
					<input type="url" class="regular-text" name="app_url" value="<?php echo esc_attr( $view['app_url'] ); ?>" placeholder="https://" aria-label="<?php esc_attr_e( 'Address of your Rebasket', 'rebasket' ); ?>" required>
					<button type="submit" class="button"><?php esc_html_e( 'Save', 'rebasket' ); ?></button>
				</p>
			</form>
		</details>
	<?php elseif ( 'none' !== $view['state'] ) : ?>
		<details class="rebasket-more">
			<summary><?php esc_html_e( 'Disconnect', 'rebasket' ); ?></summary>
			<p><?php esc_html_e( 'Rebasket stops at once. Reports that still wait are thrown away.', 'rebasket' ); ?></p>
			<?php $rebasket_form( 'disconnect' ); ?>
				<button type="submit" class="button"><?php esc_html_e( 'Disconnect', 'rebasket' ); ?></button>
			</form>
		</details>
	<?php endif; ?>
</div>
